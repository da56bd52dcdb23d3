from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ValidityConfig(AppConfig):
    name = "jiulong.validity"
    label = "validity"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415 - apps are loaded by now

        from jiulong.evidence import chores  # noqa: PLC0415
        from jiulong.monitoring import also, limits, panels, replaying  # noqa: PLC0415 - models load first
        from jiulong.pages.navigation import STATIONS, WATER, Entry, add  # noqa: PLC0415
        from jiulong.upkeep import changes  # noqa: PLC0415
        from jiulong.validity import (  # noqa: PLC0415
            checks,
            dayrules,
            rule_sets_section,
            setting_back,
            settling,
            statistics,
        )
        from jiulong.validity.judgements import judge_days, replay_days  # noqa: PLC0415
        from jiulong.validity.panels import days_panel  # noqa: PLC0415

        rule_sets_section.register_section()
        changes.listen(statistics.tell)
        limits.listen(setting_back.limits_changed)
        limits.count_waiting(setting_back.waiting)
        dayrules.register(judge_days)
        replaying.register(replay_days)
        also.register("statistics", statistics.step)
        chores.register(chores.Chore("settling", every=timedelta(minutes=10), step=settling.step))
        checks.register()
        rates = Entry(
            group="observe",
            name="validity:rates",
            label=_("Transmission and validity"),
            icon="chart-bar",
            verb=WATER,
            order=40,
        )
        add(rates)
        revisions = Entry(
            group="observe",
            name="validity:revisions",
            label=_("Revisions"),
            icon="history",
            verb=STATIONS,
            order=45,
        )
        add(revisions)
        panels.add(days_panel)
