from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    name = "jiulong.calendar"
    label = "calendar"

    def ready(self) -> None:
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415 - models load first

        add(
            Entry(
                group="house", name="calendar:year", label=_("Calendar"), icon="calendar", order=40
            )
        )
        post_migrate.connect(_what_is_known, sender=self)


def _what_is_known(**_given: Any) -> None:
    from jiulong.calendar.actions import enter_what_is_known  # noqa: PLC0415

    enter_what_is_known()
