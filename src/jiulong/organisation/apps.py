from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrganisationConfig(AppConfig):
    name = "jiulong.organisation"
    label = "organisation"

    def ready(self) -> None:
        from jiulong.organisation import login  # noqa: PLC0415 - models load first
        from jiulong.organisation.rules import may  # noqa: PLC0415
        from jiulong.pages import navigation  # noqa: PLC0415

        navigation.ask_for_rights(may)
        login.listen()
        post_migrate.connect(_built_in_roles, sender=self)


def _built_in_roles(**_given: Any) -> None:
    from jiulong.organisation.actions import enter_built_in_roles  # noqa: PLC0415

    enter_built_in_roles()
