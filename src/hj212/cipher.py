"""SM4 on the CP body, as HJ 212-2025 has it: ECB, whole blocks only, the rest in clear.

Length and checksum are of the plaintext, and nothing in the header says that a body is
enciphered, so a receiver tries.  A checksum of 256 values would pass one wrong guess in 256;
therefore a guess must also look like a body (`looks_plain`).
"""

from __future__ import annotations

import re
import warnings

BLOCK = 16
KEY_BYTES = 16

# Never `\s*,?\s*`: a run of blanks can be shared between the two in as many ways as it is long.
_BRACES = re.compile(rb"\{\s*(0[xX][0-9A-Fa-f]{2}(?:\s*,\s*0[xX][0-9A-Fa-f]{2})*)\s*(?:,\s*)?\}")
_HEX = re.compile(rb"0[xX]([0-9A-Fa-f]{2})")
_PLAIN = re.compile(rb"[\s;,]*(?:[A-Za-z0-9_.]{1,40}(?:-[A-Za-z0-9]{1,20})?\s*=|\Z)")
_CP = b"CP=&&"


class CipherMissingError(RuntimeError):
    """Keys were given, but the extra `hj212[sm4]` is not installed."""


def require_cipher() -> None:
    """Raise CipherMissingError now rather than in the middle of a stream."""
    _ecb(bytes(KEY_BYTES), b"", decrypt=True)


def _ecb(key: bytes, data: bytes, *, decrypt: bool) -> bytes:
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, modes  # noqa: PLC0415 - optional
        from cryptography.hazmat.primitives.ciphers.algorithms import SM4  # noqa: PLC0415
    except ImportError as error:
        raise CipherMissingError("SM4 needs cryptography: install hj212[sm4]") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"an SM4 key has {KEY_BYTES} bytes, this one has {len(key)}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its deprecation of ECB is not ours to heed
        cipher = Cipher(SM4(key), modes.ECB())  # noqa: S305 - what the standard demands
        context = cipher.decryptor() if decrypt else cipher.encryptor()
        return context.update(data) + context.finalize()


def encrypt_body(body: bytes, key: bytes) -> bytes:
    """Encipher the whole blocks of a body; its length does not change."""
    whole = len(body) - len(body) % BLOCK
    return _ecb(key, body[:whole], decrypt=False) + body[whole:]


def decrypt_body(body: bytes, key: bytes) -> bytes:
    """The reverse of `encrypt_body`."""
    whole = len(body) - len(body) % BLOCK
    return _ecb(key, body[:whole], decrypt=True) + body[whole:]


def braces(cipher_body: bytes) -> bytes:
    """The body as some loggers write it: `{0xE4,0x3E,…}` and the plaintext rest."""
    whole = len(cipher_body) - len(cipher_body) % BLOCK
    if not whole:
        return cipher_body
    return b"{" + b",".join(b"0x%02X" % b for b in cipher_body[:whole]) + b"}" + cipher_body[whole:]


def without_braces(body: bytes) -> bytes | None:
    """Raw cipher bytes of a body in brace notation; None if it is not in that notation."""
    match = _BRACES.match(body)
    if match is None:
        return None
    return bytes(int(pair, 16) for pair in _HEX.findall(match.group(1))) + body[match.end() :]


def body_of(segment: bytes) -> tuple[int, int] | None:
    """Start and end of the CP body.  By position: cipher bytes may contain any separator."""
    start = segment.find(_CP)
    if start < 0 or not segment.endswith(b"&&") or len(segment) < start + len(_CP) + 2:
        return None
    return start + len(_CP), len(segment) - 2


def looks_plain(body: bytes) -> bool:
    """Whether a body starts like text of the protocol."""
    return _PLAIN.match(body) is not None


def is_plain(segment: bytes) -> bool:
    """Whether no body is there to decipher: none at all, or one that starts like text."""
    start = segment.find(_CP) + len(_CP)
    end = len(segment) - 2
    if start < len(_CP) or end < start or segment[end:] != b"&&":
        return True
    return _PLAIN.match(segment, start, end) is not None
