from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpkeepConfig(AppConfig):
    name = "jiulong.upkeep"
    label = "upkeep"

    def ready(self) -> None:
        from jiulong.evidence import chores  # noqa: PLC0415 - models load first
        from jiulong.upkeep import guarding, sections, tallies, work  # noqa: PLC0415

        sections.register_sections()
        guarding.register_guards()
        tallies.register()
        chores.register(
            chores.Chore("upkeep.contracts", every=timedelta(hours=1), step=work.contracts_step)
        )
        _offer_words()
        _add_to_menu()


def _offer_words() -> None:
    from jiulong.evidence import telling  # noqa: PLC0415 - models load first
    from jiulong.upkeep import guarding, words  # noqa: PLC0415

    for model in guarding.REPORTS:
        telling.register(model._meta.label_lower, words.told)  # noqa: SLF001
    telling.PURPOSES["proof"] = words.PROOF


def _add_to_menu() -> None:
    from jiulong.pages.navigation import Entry, add  # noqa: PLC0415 - apps are loaded by now

    for name, label, icon, order in (
        ("upkeep:marks", _("Marks on data"), "pencil", 30),
        ("upkeep:maintenance", _("Maintenance of stations"), "settings", 31),
    ):
        add(Entry(group="observe", name=name, label=label, icon=icon, verb="review_marks",
                  order=order))  # fmt: skip
