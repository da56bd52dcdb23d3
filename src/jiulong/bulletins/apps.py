from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulletinsConfig(AppConfig):
    name = "jiulong.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from jiulong.bulletins import (  # noqa: PLC0415 - models load first
            guarding,
            linking,
            offering,
            origins,
            sections,
            targets,
            verifying,
        )
        from jiulong.bulletins.content import filling  # noqa: PLC0415
        from jiulong.evidence import verifying as records  # noqa: PLC0415
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415

        guarding.register_guards()
        linking.register_links()
        offering.offer_papers()
        origins.register_sources()
        filling.register_all()
        targets.register_all()
        sections.register_sections()
        records.register("bulletins", _("Bulletins"), verifying.check)
        for name, label, icon, order in (
            ("bulletins:bulletins", _("Bulletins"), "news", 60),
            ("bulletins:meetings", _("Meetings"), "presentation", 62),
            ("bulletins:pairings", _("Pairings"), "heart-handshake", 64),
            ("bulletins:letters", _("Responsibility letters"), "writing-sign", 66),
        ):
            add(
                Entry(
                    group="rank", name=name, label=label, icon=icon, order=order,
                    verb="see_bulletins",
                )
            )  # fmt: skip
