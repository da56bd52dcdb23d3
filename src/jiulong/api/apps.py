from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "jiulong.api"
    label = "api"

    def ready(self) -> None:
        from jiulong.api.actions import use_token  # noqa: PLC0415 - models load first
        from jiulong.cases.open311 import keys  # noqa: PLC0415

        keys.register(lambda text, now: use_token(text=text, now=now))
