from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "jiulong.desk"
    label = "desk"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415 - apps are loaded by now

        from jiulong.evidence import chores  # noqa: PLC0415
        from jiulong.organisation.pruning import prune  # noqa: PLC0415
        from jiulong.pages import navigation  # noqa: PLC0415

        # Organisation, where old sessions and log lines are, stands below the keeper's chores.
        chores.register(chores.Chore("prune logs", every=timedelta(hours=1), step=prune))
        navigation.add(
            navigation.Entry(group="", name="home", label=_("Home"), icon="home", order=0)
        )
        navigation.add(
            navigation.Entry(group="", name="wall", label=_("Wall"), icon="device-tv", order=90)
        )
