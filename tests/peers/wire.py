"""Envelope and checksum as two independent devices would write them.

HJ 212-2017 §6.3 and annex A, HJ/T 212-2005 §6: `##`, four digits of length, the data segment, four
hex digits of CRC, CR LF. The checksum is the procedure of annex A, bit by bit.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

POLYNOMIAL = 0xA001


def checksum(segment: bytes) -> str:
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        for _bit in range(8):
            carry = register & 1
            register >>= 1
            if carry:
                register ^= POLYNOMIAL
    return f"{register:04X}"


def envelope(segment: str) -> bytes:
    body = segment.encode("utf-8")
    return b"##%04d%s%s\r\n" % (len(body), body, checksum(body).encode())


class Heard(NamedTuple):
    """One frame from the host: its header fields and what stands between the `&&`."""

    fields: dict[str, str]
    cp: str

    @property
    def cn(self) -> str:
        return self.fields["CN"]

    @property
    def qn(self) -> str:
        return self.fields.get("QN", "")

    @property
    def wants_answer(self) -> bool:
        return bool(int(self.fields.get("Flag", "0")) & 1)

    def given(self) -> dict[str, str]:
        """The parameters; 2005 parts them by commas as well as by semicolons."""
        pairs = self.cp.replace(",", ";").split(";")
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def opened(segment: str) -> Heard:
    head, _mark, rest = segment.partition("CP=&&")
    assert rest.endswith("&&"), segment
    return Heard(dict(part.split("=", 1) for part in head.rstrip(";").split(";")), rest[:-2])


class Line:
    """A device's end of the connection: whole frames by their declared length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def dial(cls, port: int) -> Line:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def say(self, segment: str) -> None:
        self._writer.write(envelope(segment))
        await self._writer.drain()

    async def hear(self) -> Heard:
        async with asyncio.timeout(10):
            head = await self._reader.readexactly(6)
            assert head[:2] == b"##", head
            body = await self._reader.readexactly(int(head[2:]))
            tail = await self._reader.readexactly(6)
        assert tail == checksum(body).encode() + b"\r\n", (body, tail)
        return opened(body.decode("utf-8"))

    async def hang_up(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()
