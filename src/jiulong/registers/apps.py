from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "jiulong.registers"
    label = "registers"

    def ready(self) -> None:
        from jiulong.packs import sections  # noqa: PLC0415 - models load first
        from jiulong.registers.sections import DEMO_ENTRIES, REGISTERS  # noqa: PLC0415

        sections.register(REGISTERS)
        sections.register(DEMO_ENTRIES)
