"""Rules on days, one small file each. A file put here is a rule that the statistics ask."""

from importlib import import_module
from pkgutil import iter_modules

from jiulong.validity.judgements.base import DayRule, judge_days, replay_days

__all__ = ["DayRule", "judge_days", "replay_days"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
