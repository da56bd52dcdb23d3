from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "jiulong.desk"
    label = "desk"

    def ready(self) -> None:
        from jiulong.pages import navigation  # noqa: PLC0415 - apps are loaded by now

        navigation.add(
            navigation.Entry(group="", name="home", label=_("Home"), icon="home", order=0)
        )
        navigation.add(
            navigation.Entry(group="", name="wall", label=_("Wall"), icon="device-tv", order=90)
        )
