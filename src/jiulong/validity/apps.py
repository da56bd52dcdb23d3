from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ValidityConfig(AppConfig):
    name = "jiulong.validity"
    label = "validity"

    def ready(self) -> None:
        from jiulong.monitoring import also, panels, replaying  # noqa: PLC0415 - models load first
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415
        from jiulong.upkeep import changes  # noqa: PLC0415
        from jiulong.validity import dayrules, rule_sets_section, statistics  # noqa: PLC0415
        from jiulong.validity.judgements import judge_days, replay_days  # noqa: PLC0415
        from jiulong.validity.panels import days_panel  # noqa: PLC0415

        rule_sets_section.register_section()
        changes.listen(statistics.tell)
        dayrules.register(judge_days)
        replaying.register(replay_days)
        also.register("statistics", statistics.step)
        rates = Entry(
            group="observe",
            name="validity:rates",
            label=_("Transmission and validity"),
            icon="chart-bar",
            order=40,
        )
        add(rates)
        revisions = Entry(
            group="observe",
            name="validity:revisions",
            label=_("Revisions"),
            icon="history",
            order=45,
        )
        add(revisions)
        panels.add(days_panel)
