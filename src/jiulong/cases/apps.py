from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CasesConfig(AppConfig):
    name = "jiulong.cases"
    label = "cases"

    def ready(self) -> None:
        from jiulong.cases import checks, escalation, rules, triggers  # noqa: PLC0415 - models first
        from jiulong.cases.notices import sending  # noqa: PLC0415
        from jiulong.cases.sections import register_sections  # noqa: PLC0415
        from jiulong.cases.vocabulary import offer_words  # noqa: PLC0415
        from jiulong.evidence import chores, guards  # noqa: PLC0415

        register_sections()
        checks.register()
        offer_words()
        guards.register("cases.case", rules.sees_by_id, rules.adds_by_id)
        for chore in (
            chores.Chore("ladders", every=escalation.EVERY, step=escalation.step),
            chores.Chore("feedback", every=escalation.EVERY, step=escalation.feedback_step),
            chores.Chore("findings", every=triggers.EVERY, step=triggers.findings_step),
            chores.Chore("rounds", every=triggers.ROUNDS_EVERY, step=triggers.rounds_step),
            chores.Chore("notices", every=escalation.EVERY, step=sending.send_due),
        ):
            chores.register(chore)
        _offer()
        _add_to_menu()


def _offer() -> None:
    """Words and panels for the pages of the floors below."""
    from jiulong.cases import panels, timeline, words  # noqa: PLC0415 - models load first
    from jiulong.evidence import telling  # noqa: PLC0415
    from jiulong.registers import panels as places  # noqa: PLC0415

    telling.register("cases.case", timeline.in_words)
    telling.PURPOSES.update(words.PURPOSES)
    places.add("entry", panels.of_entry, order=20)
    places.add("enterprise", panels.of_enterprise, order=20)


def _add_to_menu() -> None:
    from jiulong.pages.navigation import Entry, add  # noqa: PLC0415 - apps are loaded by now

    for name, label, icon, verb, order in (
        ("cases:todo", _("To do"), "inbox", "see_cases", 10),
        ("reporting:quick", _("Quick report"), "camera", "file_case", 15),
        ("cases:cases", _("Cases"), "flag", "see_cases", 20),
        ("cases:supervision", _("Supervision"), "eye", "supervise_case", 30),
        ("cases:ledgers", _("Ledgers"), "table", "see_cases", 40),
        ("cases:statistics", pgettext_lazy("of cases", "Statistics"), "chart-bar", "see_cases", 50),
    ):
        add(Entry(group="work", name=name, label=label, icon=icon, verb=verb, order=order))
