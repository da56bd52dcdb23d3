"""Steps of a migration that draw only what they change leave the models that Django's leave."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps

from jiulong.organisation.management.commands.migrate import sparing

ID = ("id", models.BigAutoField(primary_key=True))
STEPS: tuple[Operation, ...] = (
    migrations.CreateModel("Unit", [ID, ("code", models.TextField())]),
    migrations.CreateModel(
        "Post",
        [
            ID,
            ("unit", models.ForeignKey("registers.unit", models.CASCADE)),
            ("above", models.ForeignKey("self", models.CASCADE, null=True)),
            ("also", models.ManyToManyField("registers.unit", related_name="guests")),
        ],
    ),
    migrations.AddIndex("unit", models.Index(fields=["code"], name="by_code")),
    migrations.AddConstraint("post", models.UniqueConstraint(fields=["unit"], name="one")),
    migrations.CreateModel("Key", [ID, ("post", models.OneToOneField("Post", models.CASCADE))]),
    migrations.AddField("unit", "head", models.ForeignKey("Post", models.CASCADE, null=True)),
    migrations.AddIndex("unit", models.Index(fields=["head"], name="by_head")),
    migrations.RemoveConstraint("post", "one"),
)


def drawn() -> list[Any]:
    """What each model knows of itself and of the others, after each of the steps."""
    state, found = ProjectState(), []
    assert state.apps.get_models() == []
    for step in STEPS:
        state = state.clone()
        step.state_forwards("registers", state)
        found.append(told(state.apps))
    assert found[-1] == told(StateApps([], state.models))
    return found


def told(apps: StateApps) -> dict[str, Any]:
    return {
        model.__name__: {
            "fields": sorted(str(field) for field in model._meta.get_fields(include_hidden=True)),
            "points at": {
                field.name: field.related_model in apps.get_models(include_auto_created=True)
                for field in model._meta.get_fields(include_hidden=True)
                if field.is_relation
            },
            "indexes": [index.deconstruct() for index in model._meta.indexes],
            "constraints": [one.deconstruct() for one in model._meta.constraints],
        }
        for model in apps.get_models(include_auto_created=True)
    }


def test_it_leaves_the_models_that_django_leaves() -> None:
    usual = drawn()
    with sparing():
        assert drawn() == usual


def test_it_leaves_django_as_it_was() -> None:
    usual = ProjectState.add_model, vars(ProjectState)["_append_option"]
    with sparing():
        assert (ProjectState.add_model, vars(ProjectState)["_append_option"]) != usual
    assert (ProjectState.add_model, vars(ProjectState)["_append_option"]) == usual
