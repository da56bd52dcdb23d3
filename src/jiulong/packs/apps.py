from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PacksConfig(AppConfig):
    name = "jiulong.packs"
    label = "packs"

    def ready(self) -> None:
        from jiulong.packs import (  # noqa: PLC0415 - apps are loaded by now
            calendar_section,
            organisation_sections,
            vocabulary,
        )
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415

        organisation_sections.register_all()
        calendar_section.register_section()
        vocabulary.offer_own()
        add(Entry(group="house", name="packs:packs", label=_("Packs"), icon="stack-2",
                  order=80, verb="see_packs"))  # fmt: skip
