"""Every write of registers. `actor` None is the machine's command line alone."""

from jiulong.registers.actions.bulk import bulk_edit, remove_entry, restore_entry
from jiulong.registers.actions.enterprises import create_enterprise, update_enterprise
from jiulong.registers.actions.entries import (
    UNCHANGED,
    ChangedMeanwhileError,
    create_entry,
    update_entry,
)

__all__ = [
    "UNCHANGED",
    "ChangedMeanwhileError",
    "bulk_edit",
    "create_enterprise",
    "create_entry",
    "remove_entry",
    "restore_entry",
    "update_enterprise",
    "update_entry",
]
