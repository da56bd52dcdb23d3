from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    name = "jiulong.registers"
    label = "registers"

    def ready(self) -> None:
        from jiulong.evidence import chores, guards  # noqa: PLC0415 - models load first
        from jiulong.packs import sections  # noqa: PLC0415
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415
        from jiulong.registers import guarding, providers  # noqa: PLC0415
        from jiulong.registers.importing import steps  # noqa: PLC0415
        from jiulong.registers.queries import search  # noqa: PLC0415
        from jiulong.registers.sections import DEMO_ENTRIES, REGISTERS  # noqa: PLC0415

        sections.register(REGISTERS)
        sections.register(DEMO_ENTRIES)
        guards.register("registers.entry", guarding.sees_entry, guarding.edits_entry)
        chores.register(
            chores.Chore("registers.imports", every=timedelta(seconds=2), step=steps.work)
        )
        providers.register(
            providers.Provider(key="enterprises", label=_("Enterprises"), order=30,
                               icon="building-factory", find=search.find_enterprises)
        )  # fmt: skip
        providers.register(
            providers.Provider(key="entries", label=_("Entries of registers"), order=40,
                               icon="table", find=search.find_entries)
        )  # fmt: skip
        add(Entry(group="registers", name="registers:registers", label=_("All registers"),
                  icon="table", order=40, verb="see_entries"))  # fmt: skip
        add(Entry(group="registers", name="registers:enterprises", label=_("Enterprises"),
                  icon="building-factory", order=45, verb="see_entries"))  # fmt: skip
