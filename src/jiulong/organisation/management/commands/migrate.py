"""`jiulong migrate`: Django's own, in a sixth of its time on an empty database.

For each step Django draws all models anew that are related to the one it changes, however far
away. Here all are related to a unit or a user, so a new database took twenty seconds of that. Two
kinds of steps, most of them, change nothing about other models: a new model, to which nobody
relates yet, and one more index or constraint. They are told to the models that are drawn already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.management.commands import migrate
from django.db.migrations.state import ModelState, ProjectState

DRAWN: Final = "apps"  # a cached property: it is in `__dict__` once all models were drawn


class Command(migrate.Command):
    help = "Bring the database to what this version needs; sets up an empty one."

    def handle(self, *args: Any, **options: Any) -> None:
        with sparing():
            super().handle(*args, **options)


@contextmanager
def sparing() -> Iterator[None]:
    """Within, a step draws no model that it does not change."""
    usual: dict[str, Callable[..., None]] = {
        name: getattr(ProjectState, name) for name in ("add_model", "_append_option")
    }
    try:
        for name, instead in (("add_model", _add_model), ("_append_option", _append_option)):
            setattr(ProjectState, name, instead)
        yield
    finally:
        for name, method in usual.items():
            setattr(ProjectState, name, method)


def _add_model(state: ProjectState, model: ModelState) -> None:
    """As Django's, but whom the new model points to learns of it without being drawn again."""
    key = (model.app_label, model.name_lower)
    state.models[key] = model
    if state._relations is not None:  # type: ignore[attr-defined] # noqa: SLF001
        state.resolve_model_relations(key)
    if DRAWN in state.__dict__:
        # Each looks for those who point at it in the registry that it was drawn in.
        for known in state.apps.get_models(include_auto_created=True):
            known._meta.apps = state.apps  # noqa: SLF001 - Django has no public way
        state.apps.render_multiple([model])


def _append_option(state: ProjectState, app: str, name: str, option: str, one: Any) -> None:
    """As Django's: one more of the model's `indexes` or `constraints`."""
    model = state.models[app, name]
    model.options[option] = [*model.options[option], one]
    if DRAWN in state.__dict__:
        drawn = state.apps.get_model(app, name)
        setattr(drawn._meta, option, list(model.options[option]))  # noqa: SLF001
