from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "jiulong.cases"
    label = "cases"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415

        from jiulong.cases.notices import sending  # noqa: PLC0415 - models load first
        from jiulong.evidence import chores  # noqa: PLC0415

        chores.register(chores.Chore("notices", every=timedelta(seconds=5), step=sending.send_due))
