from datetime import timedelta

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "jiulong.upkeep"
    label = "upkeep"

    def ready(self) -> None:
        from jiulong.evidence import chores  # noqa: PLC0415 - models load first
        from jiulong.upkeep import guarding, sections, work  # noqa: PLC0415

        sections.register_sections()
        guarding.register_guards()
        chores.register(
            chores.Chore("upkeep.contracts", every=timedelta(hours=1), step=work.contracts_step)
        )
