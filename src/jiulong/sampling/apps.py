from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SamplingConfig(AppConfig):
    name = "jiulong.sampling"
    label = "sampling"

    def ready(self) -> None:
        from jiulong.cases import enclosures  # noqa: PLC0415 - models load first
        from jiulong.cases.notices import words  # noqa: PLC0415 - models load first
        from jiulong.evidence import guards, telling  # noqa: PLC0415
        from jiulong.gateway import sampled  # noqa: PLC0415
        from jiulong.monitoring import also, panels  # noqa: PLC0415
        from jiulong.sampling import (  # noqa: PLC0415
            checks,
            differing,
            dossier,
            guarding,
            sections,
            timeline,
            work,
        )
        from jiulong.sampling.panels import point_panel  # noqa: PLC0415
        from jiulong.sampling.queries import carousels as samplers  # noqa: PLC0415

        del differing  # registers its rule when it is imported
        sections.register_sections()
        checks.register()
        sampled.register(samplers.has_sampler)
        also.register("sampling", work.step)
        panels.add(point_panel)
        guards.register("sampling.sample", guarding.sees_sample, guarding.adds_to_sample)
        guards.register("gateway.command", guarding.sees_command, guarding.nobody)
        guards.register("sampling.draw", guarding.sees_draw, guarding.nobody)
        guards.register("monitoring.finding", guarding.sees_finding, guarding.nobody)
        enclosures.register("sampling", dossier.enclosed)
        telling.register("sampling.sample", timeline.tell)
        telling.STEPS["collected"] = pgettext_lazy("custody", "Collected")
        telling.PURPOSES.update(timeline.PURPOSES)
        words.KINDS["sample_due"] = ("amber", _("A sample must be collected"))
        words.KINDS["sample_asked"] = ("amber", _("A sample waits for your confirmation"))
        self._chores()
        self._menu()

    def _chores(self) -> None:
        from datetime import timedelta  # noqa: PLC0415

        from jiulong.evidence import chores  # noqa: PLC0415
        from jiulong.sampling import reminding, work  # noqa: PLC0415

        chores.register(
            chores.Chore("sampling_draws", every=timedelta(seconds=30), step=work.draw_step)
        )
        chores.register(
            chores.Chore("sampling_clocks", every=timedelta(minutes=5), step=reminding.step)
        )

    def _menu(self) -> None:
        from jiulong.pages import navigation  # noqa: PLC0415
        from jiulong.sampling import words  # noqa: PLC0415

        for order, (name, label, icon, verb) in enumerate(
            [
                ("sampling:samples", _("Samples"), "bottle", navigation.WATER),
                ("sampling:samplers", _("Samplers"), "test-pipe", navigation.STATIONS),
                (
                    "sampling:bench",
                    words.LABORATORY,
                    "clipboard-check",
                    "enter_result",
                ),
            ]
        ):
            navigation.add(
                navigation.Entry(
                    group="observe", name=name, label=label, icon=icon, order=22 + order, verb=verb
                )
            )
