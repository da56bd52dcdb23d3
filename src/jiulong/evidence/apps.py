from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "jiulong.evidence"
    label = "evidence"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415

        from jiulong.evidence import actions, chores  # noqa: PLC0415 - models load first
        from jiulong.organisation import events  # noqa: PLC0415

        events.register(actions.record_event)
        chores.register(
            chores.Chore(
                "seal",
                every=timedelta(seconds=30),
                step=lambda now: actions.seal_due(now=now) is not None,
            )
        )
