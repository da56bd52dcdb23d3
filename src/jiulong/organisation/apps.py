from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "jiulong.organisation"
    label = "organisation"

    def ready(self) -> None:
        from jiulong.organisation.rules import may  # noqa: PLC0415 - models load first
        from jiulong.pages import navigation  # noqa: PLC0415

        navigation.ask_for_rights(may)
