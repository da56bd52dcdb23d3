"""What of registers may be seen. Every function takes the viewer."""

from jiulong.registers.queries.boards import Lane, board
from jiulong.registers.queries.enterprises import (
    enterprise,
    enterprises,
    may_enter_enterprises,
    streets,
)
from jiulong.registers.queries.entries import (
    Asking,
    RegisterRow,
    entries,
    entry,
    may_edit,
    may_enter,
    may_import,
    may_remove,
    may_unmask,
    named,
    options,
    own_views,
    registers,
    units_below,
    visible,
)
from jiulong.registers.queries.history import Change, history
from jiulong.registers.queries.imports import import_job, imports
from jiulong.registers.queries.links import Linked, linked_entries
from jiulong.registers.queries.maps import enterprise_rows, light_field, map_rows
from jiulong.registers.queries.statistics import Cross, Measure, amounts, cross, dimensions
from jiulong.registers.queries.waiting import Order, Place, published, queue

__all__ = [
    "Asking",
    "Change",
    "Cross",
    "Lane",
    "Linked",
    "Measure",
    "Order",
    "Place",
    "RegisterRow",
    "amounts",
    "board",
    "cross",
    "dimensions",
    "enterprise",
    "enterprise_rows",
    "enterprises",
    "entries",
    "entry",
    "history",
    "import_job",
    "imports",
    "light_field",
    "linked_entries",
    "map_rows",
    "may_edit",
    "may_enter",
    "may_enter_enterprises",
    "may_import",
    "may_remove",
    "may_unmask",
    "named",
    "options",
    "own_views",
    "published",
    "queue",
    "registers",
    "streets",
    "units_below",
    "visible",
]
