"""`python -m hj212`: decode, encode and explain frames on the command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from hj212.cipher import KEY_BYTES, CipherMissingError
from hj212.crc import CRC_MODES, crc_text
from hj212.explain import explain
from hj212.frame import Damage
from hj212.jsonl import JsonError, from_line, to_object
from hj212.stream import Result, Stream, parse

READ_BYTES = 1 << 16
EXIT_BAD_INPUT = 1


class CliError(Exception):
    """Ends the program with one line on standard error."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8")  # JSON is UTF-8 on a GBK console too
        {"decode": _decode, "encode": _encode, "explain": _explain}[options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; Python would complain once more while closing stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (CliError, CipherMissingError) as error:
        sys.stdout.flush()
        print(f"hj212 {options.command}: {error}", file=sys.stderr)
        return EXIT_BAD_INPUT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hj212", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    decode = commands.add_parser("decode", help="bytes to JSON, one object a line")
    decode.add_argument("file", nargs="?", metavar="FILE", help="default: standard input")
    encode = commands.add_parser("encode", help="the reverse of decode")
    encode.add_argument("file", nargs="?", metavar="FILE", help="default: standard input")
    tell = commands.add_parser("explain", help="say what a frame means")
    tell.add_argument("frame", metavar="FRAME", help="the frame as text, - for standard input")
    tell.add_argument("--lang", choices=("zh", "en"), default="zh")
    for command in (decode, tell):
        command.add_argument(
            "--crc", choices=CRC_MODES, default="auto",
            help="auto: accept Modbus checksums and name them; strict: only the standard's; "
            "ignore: any (default: %(default)s)",
        )  # fmt: skip
        command.add_argument("--key", metavar="HEX", help="SM4 key, 32 hex digits")
    return parser


def _stream(options: argparse.Namespace) -> Stream:
    key = _key(options.key)
    return Stream(options.crc, keys=(lambda _mn: [key]) if key else None)


def _key(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise CliError(f"--key: {error}") from error
    if len(key) != KEY_BYTES:
        raise CliError(f"--key: SM4 needs {KEY_BYTES} bytes, these are {len(key)}")
    return key


def _opened(name: str | None) -> BinaryIO:
    if name is None or name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise CliError(f"{name}: {error.strerror}") from error


def _chunks(file: BinaryIO, name: str | None) -> Iterator[bytes]:
    try:
        # read1: a pipe's frames are shown as they come, not when 64 KiB are full.
        read = getattr(file, "read1", file.read)
        while chunk := read(READ_BYTES):
            yield chunk
    except OSError as error:
        raise CliError(f"{name or 'standard input'}: {error.strerror}") from error


def _decode(options: argparse.Namespace) -> None:
    stream = _stream(options)
    with _opened(options.file) as file:
        for chunk in _chunks(file, options.file):
            _show(stream.feed(chunk))
    _show(stream.close())


def _show(results: Iterable[Result]) -> None:
    for result in results:
        print(json.dumps(to_object(result), ensure_ascii=False))
    sys.stdout.flush()


def _encode(options: argparse.Namespace) -> None:
    with _opened(options.file) as file:
        for place, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                wire = from_line(line.decode())
            except UnicodeDecodeError as error:
                raise CliError(f"line {place}: not UTF-8 at byte {error.start + 1}") from error
            except JsonError as error:
                raise CliError(f"line {place}: {error}") from error
            sys.stdout.buffer.write(wire)


def _explain(options: argparse.Namespace) -> None:
    wire = sys.stdin.buffer.read() if options.frame == "-" else os.fsencode(options.frame)
    wire = wire.removesuffix(rb"\r\n").rstrip(b"\r\n") + b"\r\n"
    key = _key(options.key)
    result = parse(wire.lstrip(), options.crc, (lambda _mn: [key]) if key else None)
    if isinstance(result, Damage):
        if result.frame is not None:
            print(explain(result.frame, options.lang))
        raise CliError(_trouble(wire, options))
    print(explain(result, options.lang))


def _trouble(wire: bytes, options: argparse.Namespace) -> str:
    """What is wrong with the first piece that is no frame, and where."""
    stream = _stream(options)
    results = stream.feed(wire) + stream.close()
    for result in results:
        if isinstance(result, Damage):
            where = f"{result.reason} at byte {result.offset + 1} ({len(result.raw)} bytes)"
            if result.frame is None:
                return where
            wanted = crc_text(result.frame.segment).decode()
            return f"{where}: the checksum is {result.frame.crc or 'missing'}, not {wanted}"
    return f"{len(results)} frames given, one wanted"


if __name__ == "__main__":
    sys.exit(main())
