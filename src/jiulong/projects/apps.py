from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "jiulong.projects"
    label = "projects"

    def ready(self) -> None:
        from jiulong.evidence import chores, guards, telling  # noqa: PLC0415 - models load first
        from jiulong.projects import (  # noqa: PLC0415
            metrics,
            reminding,
            rules,
            timeline,
            wall_menu,
        )
        from jiulong.projects.sections import register_sections  # noqa: PLC0415

        register_sections()
        metrics.register_all()
        reminding.offer_kinds()
        wall_menu.add_to_menu()
        _add_to_menu()
        guards.register("projects.project", rules.sees_by_id, rules.reports_by_id)
        guards.register("projects.milestone", rules.sees_milestone, rules.reports_milestone)
        telling.register("projects.project", timeline.in_words)
        for name, step in (
            ("projects.lights", reminding.judge_step),
            ("projects.reminders", reminding.remind_step),
        ):
            chores.register(chores.Chore(name, every=timedelta(minutes=10), step=step))


def _add_to_menu() -> None:
    from jiulong.pages.navigation import Entry, add  # noqa: PLC0415 - apps are loaded by now

    for name, label, icon, order in (
        ("projects:projects", _("Key projects"), "crane", 20),
        ("projects:due", _("Month's end"), "calendar", 23),
        ("projects:obstacles", _("Obstacles"), "hand-stop", 24),
        ("projects:means", _("Land and funds"), "database", 25),
    ):
        add(Entry(group="aim", name=name, label=label, icon=icon, verb="see_projects", order=order))
