"""The rules, one small file each. A file put here is a rule the judge asks; see `base.Rule`."""

from importlib import import_module
from pkgutil import iter_modules

from jiulong.monitoring.judgements.base import Rule, Window, register, rules

__all__ = ["RULES", "Rule", "Window", "register", "rules"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

#: Every rule, in the order of their codes.
RULES = tuple(rules().values())
