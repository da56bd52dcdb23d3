"""Frames as JSON objects and back, byte for byte.

An object repeats the fields for reading.  What makes it exact is `cp`, the body as sent, and for a
frame that this library would write differently (other order, wrong checksum, enciphered, odd tail)
`bytes`, the whole of it in hex.  Leave both out to have a frame built from `params` and `data`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from hj212.body import read_body
from hj212.build import EncodeError, body_text, encode
from hj212.frame import Damage, Frame
from hj212.stream import Result

Json = dict[str, Any]

_TEXTS = ("qn", "st", "cn", "pw", "mn")
_NUMBERS = ("flag", "pnum", "pno")


class JsonError(ValueError):
    """A line that is no frame object; the message says which part of it."""


def to_object(result: Result) -> Json:
    """The JSON object of a frame or of damage."""
    if isinstance(result, Damage):
        return {
            "kind": "damage",
            "reason": str(result.reason),
            "offset": result.offset,
            "bytes": result.raw.hex(),
        }
    return _frame_object(result)


def _frame_object(frame: Frame) -> Json:
    made: Json = {"kind": "frame"}
    made.update({name: getattr(frame, name) for name in _TEXTS})
    moment = frame.time
    made |= {
        "flag": frame.flag,
        "version": frame.version,
        "ack": frame.wants_ack,
        "pnum": frame.pnum,
        "pno": frame.pno,
        "rf": frame.rf,
        "crc": frame.crc,
        "crc_variant": frame.crc_variant,
        "repaired": list(frame.repaired),
        "time": moment.isoformat() if moment else None,
        "data": frame.data,
        "params": frame.params,
    }
    if frame.encrypted:
        made["encrypted"] = frame.encrypted
    cp = _text(frame.cp)
    if cp is not None:
        made["cp"] = cp
    if _rebuilt(made) != frame.raw:
        made["bytes"] = frame.raw.hex()
    return made


def _text(cp: bytes) -> str | None:
    try:
        return cp.decode()
    except UnicodeDecodeError:
        return None


def _rebuilt(made: Json) -> bytes | None:
    try:
        return _encoded(made) if "cp" in made else None
    except EncodeError:
        return None


def from_line(line: str) -> bytes:
    """The bytes of one line; JsonError says what is wrong with it."""
    try:
        made = json.loads(line)
    except json.JSONDecodeError as error:
        raise JsonError(f"column {error.colno}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise JsonError(f"not JSON: {error}") from error
    if not isinstance(made, dict):
        raise JsonError("not a JSON object")
    kind = made.get("kind")
    if kind not in ("frame", "damage"):
        raise JsonError(f'"kind" must be "frame" or "damage", not {kind!r}')
    if "bytes" in made:
        return _bytes(made["bytes"])
    if kind == "damage":
        raise JsonError('damage without "bytes"')
    try:
        return _encoded(made)
    except EncodeError as error:
        raise JsonError(str(error)) from error
    except UnicodeEncodeError as error:
        raise JsonError(f"half a character: {error.object[error.start]!r}") from error


def _bytes(value: object) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else _fail('"bytes" must be hex text')
    except ValueError as error:
        raise JsonError(f'"bytes": {error}') from error


def _fail(message: str) -> bytes:
    raise JsonError(message)


def _encoded(made: Json) -> bytes:
    texts = {name: _checked(made, name, str, "") for name in _TEXTS}
    numbers = {name: _checked(made, name, int, None) for name in _NUMBERS}
    if not texts["cn"] and "cp" not in made:
        raise JsonError('"cn" is missing')
    rf = _checked(made, "rf", bool, False)
    return encode(**texts, **numbers, rf=rf, cp=_body(made))


def _checked(made: Json, name: str, kind: type, default: object) -> Any:
    value = made.get(name, default)
    if value is None:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise JsonError(f'"{name}" must be {kind.__name__}, not {value!r}')
    return value


def _body(made: Json) -> str:
    params = _checked(made, "params", dict, {})
    data = _checked(made, "data", dict, {})
    for factor, row in data.items():
        if not isinstance(row, Mapping):
            raise JsonError(f'"data"."{factor}" must be an object, not {row!r}')
        _check_values(f'"data"."{factor}"', row)
    _check_values('"params"', params)
    if made.get("cp") is None:
        return body_text(params, data)
    cp: str = _checked(made, "cp", str, "")
    stated = (data, params)
    if ("data" in made or "params" in made) and stated != read_body(cp.encode("utf-8", "replace")):
        raise JsonError('"cp" says other than "data" and "params": remove "cp" to use those')
    return cp


def _check_values(where: str, row: Mapping[str, object]) -> None:
    for key, value in row.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise JsonError(f'{where}."{key}" must be text or a number, not {value!r}')
        if isinstance(value, float) and not math.isfinite(value):
            raise JsonError(f'{where}."{key}" must be finite')
