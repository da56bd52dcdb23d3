"""Every write of registers. `actor` None is the machine's command line alone."""

from jiulong.registers.actions.bulk import bulk_edit, preview_bulk, remove_entry, restore_entry
from jiulong.registers.actions.enterprises import create_enterprise, update_enterprise
from jiulong.registers.actions.entries import (
    UNCHANGED,
    ChangedMeanwhileError,
    create_entry,
    update_entry,
)
from jiulong.registers.actions.imports import give_up, hand_in, start_import
from jiulong.registers.actions.views import delete_view, save_view, show_person

__all__ = [
    "UNCHANGED",
    "ChangedMeanwhileError",
    "bulk_edit",
    "create_enterprise",
    "create_entry",
    "delete_view",
    "give_up",
    "hand_in",
    "preview_bulk",
    "remove_entry",
    "restore_entry",
    "save_view",
    "show_person",
    "start_import",
    "update_enterprise",
    "update_entry",
]
