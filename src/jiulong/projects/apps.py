from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "jiulong.projects"
    label = "projects"

    def ready(self) -> None:
        from jiulong.evidence import guards  # noqa: PLC0415 - models load first
        from jiulong.projects import rules  # noqa: PLC0415
        from jiulong.projects.sections import register_sections  # noqa: PLC0415

        register_sections()
        guards.register("projects.project", rules.sees_by_id, rules.reports_by_id)
        guards.register("projects.milestone", rules.sees_milestone, rules.reports_milestone)
