from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutyConfig(AppConfig):
    name = "jiulong.duty"
    label = "duty"

    def ready(self) -> None:
        from jiulong.duty import checks, enclosed, overlays  # noqa: PLC0415 - models load first
        from jiulong.duty.ledgers import layout  # noqa: PLC0415
        from jiulong.pages import navigation  # noqa: PLC0415

        checks.register()
        overlays.register()
        enclosed.register()
        layout.register()
        navigation.add(
            navigation.Entry(
                group="observe", name="duty:desk", label=_("Monitoring desk"), icon="bell",
                order=1, verb="keep_duty",
            )
        )  # fmt: skip
        navigation.add(
            navigation.Entry(
                group="observe", name="duty:shifts", label=_("Shift log"), icon="file-text",
                order=2, verb="keep_duty",
            )
        )  # fmt: skip
        navigation.add(
            navigation.Entry(
                group="observe", name="duty:ledgers", label=_("Desk ledgers"), icon="table",
                order=3, verb="keep_duty",
            )
        )  # fmt: skip
