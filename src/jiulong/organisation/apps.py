from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "jiulong.organisation"
    label = "organisation"

    def ready(self) -> None:
        from jiulong.organisation import login  # noqa: PLC0415 - models load first
        from jiulong.organisation.rules import may  # noqa: PLC0415
        from jiulong.pages import navigation  # noqa: PLC0415

        navigation.ask_for_rights(may)
        login.listen()
        for order, (name, label, icon, verb) in enumerate(
            [
                ("house:units", _("Units"), "building", "keep_house"),
                ("house:people", _("People"), "users", "keep_house"),
                ("house:roles", _("Roles"), "adjustments", "keep_house"),
                ("house:logins", _("Logs"), "history", "see_logs"),
            ]
        ):
            navigation.add(
                navigation.Entry(
                    group="house", name=name, label=label, icon=icon, verb=verb, order=10 + order
                )
            )
        post_migrate.connect(_built_in_roles, sender=self)


def _built_in_roles(**_told: Any) -> None:
    from jiulong.organisation.actions import enter_built_in_roles  # noqa: PLC0415

    enter_built_in_roles()
