from django.apps import AppConfig


class ValidityConfig(AppConfig):
    name = "jiulong.validity"
    label = "validity"

    def ready(self) -> None:
        from jiulong.monitoring import also  # noqa: PLC0415 - models load first
        from jiulong.upkeep import changes  # noqa: PLC0415
        from jiulong.validity import rule_sets_section, statistics  # noqa: PLC0415

        rule_sets_section.register_section()
        changes.listen(statistics.tell)
        also.register("statistics", statistics.step)
