from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ReportsConfig(AppConfig):
    name = "jiulong.reports"
    label = "reports"

    def ready(self) -> None:
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415 - models load first
        from jiulong.reports import guarding, meeting, packing  # noqa: PLC0415

        guarding.register_guards()
        packing.register_sections()
        meeting.register()
        add(
            Entry(
                group="observe",
                name="reports:reports",
                label=pgettext_lazy("account", "Accounts"),
                icon="report",
                order=48,
                verb="see_all",
            )
        )
