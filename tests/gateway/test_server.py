"""Listening, limits on who may connect, TLS, and stopping without losing anything."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jiulong.gateway.limits import Limits
from tests.gateway.lines import MN, QN, MemoryJournal, at_once, data, gateway, registered, until


async def test_it_refuses_too_many_connections_of_one_address() -> None:
    limits = Limits(connections_per_address=2)
    async with gateway(MemoryJournal(), registered(), limits=limits) as house:
        first, second = await house.call(), await house.call()
        await second.send(data())
        await second.answer()
        third = await house.call()
        assert await third.end() == b""
        await first.close()
        await until(lambda: len(house.gateway.connections) == 1)
        fourth = await house.call()
        await fourth.send(data())
        assert await fourth.answer() == ("9014", QN)


async def test_it_refuses_more_connections_than_it_can_serve() -> None:
    async with gateway(MemoryJournal(), registered(), limits=Limits(connections=1)) as house:
        first = await house.call()
        await first.send(data())
        await first.answer()
        assert await (await house.call()).end() == b""


async def test_it_makes_durable_and_acknowledges_before_it_stops() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        idle = await house.call()
        await logger.send(data())
        await journal.asked.wait()
        stopping = asyncio.ensure_future(house.gateway.stop())
        assert await idle.end() == b""
        assert not stopping.done()
        journal.open.set()
        assert await logger.answer() == ("9014", QN)
        assert await logger.end() == b""
        await stopping
        with pytest.raises(ConnectionError):
            await house.call()


async def test_it_stops_without_the_journal_and_acknowledges_nothing() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered(), limits=Limits(stop_s=0.01)) as house:
        logger = await house.call()
        await logger.send(data())
        await journal.asked.wait()
        await house.gateway.stop()
        with contextlib.suppress(ConnectionError):
            assert await logger.end() == b""
    assert journal.batches == {}


async def test_it_says_so_when_it_cannot_go_on() -> None:
    journal = MemoryJournal(trouble=[ZeroDivisionError("a fault of ours")])
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(data())
        async with asyncio.timeout(10):
            await house.gateway.failed.wait()
        await house.gateway.stop()
        house.gateway.failed.clear()


async def test_it_sweeps_as_time_goes_by() -> None:
    async with gateway(MemoryJournal(), registered(), sleep=at_once) as house:
        stranger = await house.call()
        house.clock.seconds = 1000.0
        assert await stranger.end() == b""


async def test_it_speaks_tls(tmp_path: Path) -> None:
    certificate = certify(tmp_path)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate)
    client = ssl.create_default_context(cafile=certificate)
    journal = MemoryJournal()
    async with gateway(journal, registered(), tls=server) as house:
        logger = await house.call(ssl=client, server_hostname="127.0.0.1")
        await logger.send(data() * 50)
        assert [await logger.answer() for _ in range(50)] == [("9014", QN)] * 50
        assert set(house.gateway.sessions.speaker) == {MN}
    assert len(journal.entries) == 50


def certify(directory: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    today = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = directory / "gateway.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    return path
