"""The wall's line in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.pages import navigation


def add_to_menu() -> None:
    """Offer the wall to whoever may see projects."""
    navigation.add(
        navigation.Entry(
            group="aim", name="projects:wall", label=_("Wall of key projects"), icon="device-tv",
            verb="see_projects", order=22,
        )
    )  # fmt: skip
