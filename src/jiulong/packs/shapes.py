"""The shape of a pack's sections: which keys stand where, and the JSON Schema of editors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of one item, as it is written in a pack."""
    return model.model_json_schema(by_alias=True, mode="validation")


def keys_at(model: type[BaseModel], steps: Sequence[str | int]) -> list[str]:
    """The keys that may stand where a path of a validation error leads."""
    return sorted({key for shape in _at(model, steps) for key in shape.get("properties", {})})


def example_at(model: type[BaseModel], steps: Sequence[str | int]) -> str:
    """What is written there for instance, where the model's field has `examples`."""
    found = (example for shape in _at(model, steps) for example in shape.get("examples", []))
    return str(next(found, ""))


def _at(model: type[BaseModel], steps: Sequence[str | int]) -> list[dict[str, Any]]:
    whole = schema_of(model)
    shapes = list(_spread(whole, whole))
    for step in steps:
        under = [found for shape in shapes for found in _under(shape, step, whole)]
        shapes = under or shapes  # a union's member is named in the path, but is no key
    return shapes


def _spread(shape: dict[str, Any], whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The shapes that one may be: references followed, unions taken apart."""
    if "$ref" in shape:
        yield from _spread(whole["$defs"][shape["$ref"].rpartition("/")[2]], whole)
        return
    yield shape
    for word in ("anyOf", "oneOf", "allOf"):
        for part in shape.get(word, []):
            yield from _spread(part, whole)


def _under(
    shape: dict[str, Any], step: str | int, whole: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    if isinstance(step, int):
        if isinstance(shape.get("items"), dict):
            yield from _spread(shape["items"], whole)
    elif step in shape.get("properties", {}):
        yield from _spread(shape["properties"][step], whole)
    elif member := shape.get("discriminator", {}).get("mapping", {}).get(step):
        yield from _spread({"$ref": member}, whole)
    elif values := [*shape.get("patternProperties", {}).values()]:
        yield from _spread(values[0], whole)
    elif isinstance(shape.get("additionalProperties"), dict):
        yield from _spread(shape["additionalProperties"], whole)
