from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "jiulong.projects"
    label = "projects"
