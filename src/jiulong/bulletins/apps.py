from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulletinsConfig(AppConfig):
    name = "jiulong.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from jiulong.bulletins import guarding, origins  # noqa: PLC0415 - models load first
        from jiulong.bulletins.content import filling  # noqa: PLC0415
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415

        guarding.register_guards()
        origins.register_sources()
        filling.register_all()
        add(
            Entry(
                group="rank", name="bulletins:bulletins", label=_("Bulletins"),
                icon="news", order=60, verb="see_bulletins",
            )
        )  # fmt: skip
