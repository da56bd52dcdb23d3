"""Building frames: one, a split set, a request, an upload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from hj212.body import items
from hj212.cipher import encrypt_body
from hj212.codes import SYSTEM_INTERACTION
from hj212.crc import crc_text
from hj212.frame import Frame
from hj212.profiles import Profile, profile_of
from hj212.qn import qn_moment, qn_text
from hj212.text import time_text

SEGMENT_MAX = 1024  # 2017 §6.3.2
CP_MAX = 950  # 2017 §6.3.2, `CP=&&…&&` included
LENGTH_MAX = 9999  # four digits
OLDEST = 2005  # the version without QN in headers and without Flag
FLAG_MAX = 255  # 2017 §6.3.3: eight bits
_CP_MARKS = len("CP=&&&&")
_FORBIDDEN = (";", ",", "=", "&", "\r", "\n", "#")

Value = str | int | float | Decimal


class EncodeError(ValueError):
    """What was asked for cannot stand in a frame."""


def encode(
    *,
    cn: str,
    st: str = "",
    qn: str = "",
    pw: str = "",
    mn: str = "",
    flag: int | None = None,
    cp: str | bytes = b"",
    pnum: int | None = None,
    pno: int | None = None,
    rf: bool = False,
    key: bytes | None = None,
) -> bytes:
    """One frame.  Empty header fields are left out; `cp` is what stands between the `&&`."""
    if flag is not None and not 0 <= flag <= FLAG_MAX:
        raise EncodeError(f"Flag: 0-{FLAG_MAX}, not {flag}")
    old = flag is None or flag < 4
    packets = f"PNUM={pnum};PNO={pno};" if pnum is not None and pno is not None else ""
    header = "".join((
        _field("QN", qn), packets if old else "", _field("ST", st), _field("CN", cn),
        _field("PW", pw), _field("MN", mn), f"Flag={flag};" if flag is not None else "",
        "" if old else packets, "RF=1;" if rf else "",
    ))  # fmt: skip
    body = cp.encode() if isinstance(cp, str) else cp
    return _enclose(header.encode(), body, key)


def _field(name: str, value: str) -> str:
    for character in _FORBIDDEN:
        if character in value:
            raise EncodeError(f"{name}: {character!r} cannot stand in a header field: {value!r}")
    return f"{name}={value};" if value else ""


def _enclose(header: bytes, body: bytes, key: bytes | None) -> bytes:
    before = header + b"CP=&&"
    segment = before + body + b"&&"
    if len(segment) > LENGTH_MAX:
        raise EncodeError(f"segment of {len(segment)} bytes; four digits hold {LENGTH_MAX}")
    # 2025 §: length and checksum are of the plaintext, whatever travels.
    check = crc_text(segment)
    if key is not None:
        segment = before + encrypt_body(body, key) + b"&&"
    return b"##%04d%b%b\r\n" % (len(segment), segment, check)


def split(
    *,
    cn: str,
    st: str,
    qn: str = "",
    pw: str = "",
    mn: str = "",
    flag: int | None = None,
    cp: str,
    rf: bool = False,
    key: bytes | None = None,
    next_qn: Callable[[], str] | None = None,
    segment_max: int = SEGMENT_MAX,
    cp_max: int = CP_MAX,
) -> list[bytes]:
    """One frame, or where the limits demand it several, each complete in itself.

    Every sub-frame repeats the plain parameters (DataTime) and has a QN of its own, one
    millisecond apart (2017 C.50) or from `next_qn`; in 2005's form they share the QN.
    """
    version = 0 if flag is None else flag & ~3
    plain_flag = None if flag is None else flag & ~2
    whole = encode(
        cn=cn, st=st, qn=qn, pw=pw, mn=mn, flag=plain_flag, cp=cp, rf=rf, key=key
    )  # fmt: skip
    if len(whole) - 12 <= segment_max and len(cp.encode()) + _CP_MARKS <= cp_max:
        return [whole]
    header = len(whole) - 12 - len(cp.encode()) + len("PNUM=9999;PNO=9999;Flag=255;")
    room = min(cp_max - _CP_MARKS, segment_max - header)
    bodies = _packets(cp, room)
    packet_flag = (flag or 0) | 2
    qns = _packet_qns(qn, len(bodies), shared=version == 0, next_qn=next_qn)
    return [
        encode(cn=cn, st=st, qn=own_qn, pw=pw, mn=mn, flag=packet_flag, cp=body, rf=rf, key=key,
               pnum=len(bodies), pno=place)
        for place, (own_qn, body) in enumerate(zip(qns, bodies, strict=True), 1)
    ]  # fmt: skip


def _packet_qns(
    qn: str, count: int, *, shared: bool, next_qn: Callable[[], str] | None
) -> list[str]:
    if shared or not qn:
        return [qn] * count
    if next_qn is not None:
        return [qn, *(next_qn() for _ in range(count - 1))]
    return [_later(qn, milliseconds) for milliseconds in range(count)]


def _later(qn: str, milliseconds: int) -> str:
    try:
        return qn_text(qn_moment(qn) + timedelta(milliseconds=milliseconds))
    except ValueError as error:
        raise EncodeError(f"QN must be YYYYMMDDhhmmsszzz to count on from: {qn!r}") from error


def _packets(cp: str, room: int) -> list[str]:
    """Deal the factors of a body out to bodies of at most `room` bytes."""
    common, groups = _groups(cp)
    packets: list[str] = []
    current = common
    for piece in groups:
        joined = f"{current};{piece}" if current else piece
        if len(joined.encode()) > room and current != common:
            packets.append(current)
            joined = f"{common};{piece}" if common else piece
        if len(joined.encode()) > room:
            raise EncodeError(f"one group is longer than a packet ({room} bytes): {piece[:40]!r}…")
        current = joined
    return [*packets, current]


def _groups(cp: str) -> tuple[str, list[str]]:
    """The plain parameters of a body, and its factors' items joined factor by factor."""
    common: list[str] = []
    groups: list[list[str]] = []
    last = ""
    for key, value in items(cp):
        factor, dash, _ = key.partition("-")
        if not dash:
            common.append(f"{key}={value}")
        elif factor == last:
            groups[-1].append(f"{key}={value}")
        else:
            groups.append([f"{key}={value}"])
        last = factor if dash else ""
    return ";".join(common), [",".join(group) for group in groups]


def body_text(params: Mapping[str, Value], data: Mapping[str, Mapping[str, Value]]) -> str:
    """A CP body: parameters, then factors; `;` between groups, `,` inside (2017 §6.3.3).

    Channel marks (`w00000#2`) are ours and do not travel.
    """
    pieces = [f"{_name(key)}={_value(key, value)}" for key, value in params.items()]
    for factor, row in data.items():
        code = _name(factor)
        pieces.append(
            ",".join(f"{code}-{a}={_value(f'{code}-{_name(a)}', v)}" for a, v in row.items())
        )
    return ";".join(piece for piece in pieces if piece)


def _name(key: str) -> str:
    name = key.partition("#")[0]
    if any(mark in name for mark in _FORBIDDEN):
        raise EncodeError(f"{key!r} cannot be a key")
    return name


def _value(key: str, value: Value) -> str:
    text = value if isinstance(value, str) else _number_text(key, value)
    opaque = text.startswith("//") and text.endswith("//") and len(text) >= 4
    if not opaque and any(mark in text for mark in (";", ",", "&&")):
        raise EncodeError(f"{key}: {text!r} needs //…// around it to hold ; , or &&")
    return text


def _number_text(key: str, value: float | Decimal) -> str:
    """Plain digits: many receivers do not know 1E-7."""
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise EncodeError(f"{key}: {value} is no measured value; send '' for none")
    return f"{exact:f}"


def request(
    cn: str,
    params: Mapping[str, Value] | None = None,
    *,
    profile: Profile | str,
    qn: str,
    st: str,
    pw: str,
    mn: str,
    data: Mapping[str, Mapping[str, Value]] | None = None,
) -> list[bytes]:
    """A request or notification of the host, checked against the profile's command table.

    Raises EncodeError for a command the profile does not know, that the host may not send, or
    whose parameters are missing.  Parameters that the table does not name pass: dialects differ.
    """
    used = profile_of(profile)
    command = used.commands.get(cn)
    if command is None:
        raise EncodeError(f"profile {used.name} has no command {cn}")
    if command.sender == "device" or command.kind == "answer":
        raise EncodeError(f"{cn} is not for the host to start")
    given = dict(params or {})
    missing = [name for name in command.ask if name not in given]
    if missing:
        raise EncodeError(f"{cn} needs {', '.join(missing)}")
    # PolId, then the table's order, however they were given: devices may read by place.
    known = [n for n in dict.fromkeys(("PolId", *command.ask, *command.ask_optional)) if n in given]
    ordered = [*known, *(name for name in given if name not in known)]
    wire = {command.renamed.get(name, name): given[name] for name in ordered}
    key = used.keys[0] if used.keys and cn in _ENCIPHERED_REQUESTS else None
    return split(
        cn=cn, st=st, qn=qn, pw=pw, mn=mn, flag=used.version_bits | 1,
        cp=body_text(wire, data or {}), key=key,
    )  # fmt: skip


_ENCIPHERED_REQUESTS = frozenset({"1014", "3020"})  # 2025: besides uploads 2000-2999


def upload(
    *,
    cn: str,
    data: Mapping[str, Mapping[str, Value]],
    profile: Profile | str,
    st: str,
    pw: str,
    mn: str,
    qn: str = "",
    time: datetime | str | None = None,
    params: Mapping[str, Value] | None = None,
    ack: bool = True,
    rf: bool = False,
    next_qn: Callable[[], str] | None = None,
) -> list[bytes]:
    """A device's data frames in the profile's form: for simulators and forwarders.

    2005 uploads bear neither QN nor Flag, unless they are split or want an acknowledgement
    (then a QN must be given for it to refer to).
    """
    used = profile_of(profile)
    plain: dict[str, Value] = {}
    if time is not None:
        plain["DataTime"] = time_text(time) if isinstance(time, datetime) else time
    plain.update(params or {})
    flag: int | None = used.version_bits | int(ack)
    if used.version == OLDEST:
        flag = 1 if ack and qn else None
        qn = qn if flag else ""
    secret = used.keys[0] if used.keys and (cn[:1] == "2" or cn in _ENCIPHERED_REQUESTS) else None
    return split(
        cn=cn, st=st, qn=qn, pw=pw, mn=mn, flag=flag, cp=body_text(plain, data),
        rf=rf and used.version == 2025, key=secret, next_qn=next_qn,
    )  # fmt: skip


def respond(
    cn: str,
    params: Mapping[str, Value] | None = None,
    *,
    to: Frame,
    data: Mapping[str, Mapping[str, Value]] | None = None,
    ack: bool = False,
) -> bytes:
    """A device's answer to a request: 9011, 9012, or a reply frame; for simulators.

    It echoes QN, PW and MN in the form of the request's version: 2005 has the QN inside CP.
    """
    qn, version_bits = to.dialogue_qn, (to.flag or 0) & ~3
    old = to.version == OLDEST
    plain: dict[str, Value] = {"QN": qn, **(params or {})} if old else {**(params or {})}
    return encode(
        cn=cn, st=SYSTEM_INTERACTION if cn[:1] == "9" else to.st, qn="" if old else qn,
        pw=to.pw, mn=to.mn, flag=version_bits | int(ack), cp=body_text(plain, data or {}),
    )  # fmt: skip
