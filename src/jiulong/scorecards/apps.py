from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ScorecardsConfig(AppConfig):
    name = "jiulong.scorecards"
    label = "scorecards"

    def ready(self) -> None:
        from jiulong.scorecards import (  # noqa: PLC0415 - models load first
            case_metrics,
            sections,
            standing_offers,
        )

        sections.register_sections()
        case_metrics.register_all()
        standing_offers.offer()
        self._chores()
        self._menu()

    def _chores(self) -> None:
        from jiulong.evidence import chores  # noqa: PLC0415
        from jiulong.scorecards.actions import causes, computing, opening  # noqa: PLC0415

        for chore in (
            chores.Chore("sheets", every=opening.EVERY, step=opening.step),
            chores.Chore("figures", every=computing.EVERY, step=computing.step),
            chores.Chore("targets", every=causes.EVERY, step=causes.step),
        ):
            chores.register(chore)

    def _menu(self) -> None:
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415

        for order, (name, label, icon) in enumerate((
            ("scorecards:targets", _("Targets"), "target"),
            ("scorecards:indicators", _("Indicators"), "chart-line"),
            ("scorecards:sheets", pgettext_lazy("to be filled in", "Sheets"), "table"),
        )):  # fmt: skip
            add(Entry(group="aim", name=name, label=label, icon=icon, order=10 + 2 * order,
                      verb="see_scores"))  # fmt: skip
