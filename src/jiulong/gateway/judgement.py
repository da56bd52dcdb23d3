"""Whether a frame may speak for the logger it names. Values are not looked at here."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import hj212
from hj212 import Damage, Frame, Profile, Reason
from jiulong.gateway.journal import Verdict

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DAMAGE_VERDICTS: Final[Mapping[Reason, Verdict]] = {
    Reason.BAD_CRC: Verdict.BAD_CRC,
    Reason.TOO_LONG: Verdict.TOO_LONG,
}


@dataclass(frozen=True, slots=True)
class Registered:
    """What the gateway keeps in memory of one registered logger."""

    id: int
    mn: str
    password: str
    active: bool
    profile: Profile
    networks: tuple[Network, ...] = ()  # none: it may come from anywhere
    crc_mode: str = "auto"
    keys: tuple[bytes, ...] = ()
    greet: bool = False
    interval_s: int = 60  # between its real-time frames
    next_password: str = ""  # what it was told to use; until its answer is known either is right

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Registered:
        """From a row of the registry: the columns are those of `gateway_logger`."""
        return cls(
            id=row["id"],
            mn=row["mn"],
            password=row["password"],
            active=row["active"],
            profile=_profile(row["profile"], row["key"]),
            networks=tuple(ipaddress.ip_network(text) for text in row["addresses"]),
            crc_mode=row["crc_mode"],
            keys=(bytes.fromhex(row["key"]),) if row["key"] else (),
            greet=row["greet"],
            interval_s=row["interval_s"],
            next_password=row.get("next_password") or "",
        )

    def allows(self, address: str) -> bool:
        """Whether it may connect from this address."""
        if not self.networks:
            return True
        try:
            host = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped is not None:
            host = host.ipv4_mapped  # a dual-stack listener shows IPv4 peers like this
        return any(host in network for network in self.networks)


def verdict_of(frame: Frame, logger: Registered | None, address: str) -> Verdict:
    """Whether this frame may speak for `logger`, the one it names (None: nobody has that name)."""
    if logger is None:
        return Verdict.UNKNOWN_MN
    if not logger.active:
        return Verdict.INACTIVE
    if not logger.allows(address):
        return Verdict.WRONG_ADDRESS
    if frame.pw != logger.password and (not frame.pw or frame.pw != logger.next_password):
        return Verdict.WRONG_PASSWORD
    if logger.crc_mode == "strict" and frame.crc_variant != "hj":
        return Verdict.BAD_CRC
    return Verdict.ACCEPTED


def verdict_of_damage(damage: Damage) -> Verdict:
    """What to write beside bytes that are no frame."""
    return DAMAGE_VERDICTS.get(damage.reason, Verdict.UNPARSEABLE)


def host_of(peer: str) -> str:
    """The address of a peer written as `address:port` or `[address]:port`."""
    return peer.rpartition(":")[0].strip("[]")


def judge_again(raw: bytes, logger: Registered, peer: str) -> Verdict:
    """What a quarantined frame would be told today."""
    ignoring = logger.crc_mode == "ignore"
    keys = (lambda _mn: logger.keys) if logger.keys else None
    found = hj212.parse(raw, crc="ignore" if ignoring else "auto", keys=keys)
    if isinstance(found, Damage):
        return verdict_of_damage(found)
    if found.mn != logger.mn:
        return Verdict.UNKNOWN_MN
    return verdict_of(found, logger, host_of(peer))


def _profile(name: str, key: str) -> Profile:
    """The profile itself where it can be: `hj212.answer` remembers answers by its identity."""
    profile = hj212.PROFILES[name]
    return replace(profile, keys=(bytes.fromhex(key),)) if key else profile
