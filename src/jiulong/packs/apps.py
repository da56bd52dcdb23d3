from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PacksConfig(AppConfig):
    name = "jiulong.packs"
    label = "packs"

    def ready(self) -> None:
        from jiulong.packs import calendar_section, organisation_sections  # noqa: PLC0415
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415

        organisation_sections.register_all()
        calendar_section.register_section()
        add(Entry(group="house", name="packs:packs", label=_("Packs"), icon="stack-2",
                  order=80, verb="see_packs"))  # fmt: skip
