from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "jiulong.cases"
    label = "cases"

    def ready(self) -> None:
        from jiulong.cases import escalation, rules, triggers  # noqa: PLC0415 - models load first
        from jiulong.cases.notices import sending  # noqa: PLC0415
        from jiulong.cases.sections import register_sections  # noqa: PLC0415
        from jiulong.evidence import chores, guards  # noqa: PLC0415

        register_sections()
        guards.register("cases.case", rules.sees_by_id, rules.adds_by_id)
        for chore in (
            chores.Chore("ladders", every=escalation.EVERY, step=escalation.step),
            chores.Chore("feedback", every=escalation.EVERY, step=escalation.feedback_step),
            chores.Chore("findings", every=triggers.EVERY, step=triggers.findings_step),
            chores.Chore("rounds", every=triggers.ROUNDS_EVERY, step=triggers.rounds_step),
            chores.Chore("notices", every=escalation.EVERY, step=sending.send_due),
        ):
            chores.register(chore)
