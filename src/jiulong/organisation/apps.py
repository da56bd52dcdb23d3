from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "jiulong.organisation"
    label = "organisation"
