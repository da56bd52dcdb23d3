from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "jiulong.evidence"
    label = "evidence"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415

        from jiulong.evidence import actions, chores  # noqa: PLC0415 - models load first
        from jiulong.organisation import events  # noqa: PLC0415
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415

        events.register(actions.record_event)
        add(Entry(group="evidence", name="evidence:seals", label=_("Seals"), icon="lock", order=60,
                  verb="see_all seal see_files see_logs"))  # fmt: skip
        chores.register(
            chores.Chore(
                "seal",
                every=timedelta(seconds=30),
                step=lambda now: actions.seal_due(now=now) is not None,
            )
        )
