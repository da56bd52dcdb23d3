"""Where the content of files is kept: under its hash, once, through Django's storage "evidence".

Layout: `ab/cd/<sha256>` the content; `<sha256>.preview.jpg`, `.thumb.jpg` and `.public.jpg` beside
it are copies without metadata, and can be made again from it.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import IO, Final

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _

from jiulong.evidence import pictures, sniffing
from jiulong.evidence.models import File

ALIAS: Final = "evidence"


class RefusedFileError(ValueError):
    """A file that is not kept; the text tells the sender why and what to do."""


class Size(StrEnum):
    """Copies of a picture, without its metadata."""

    PREVIEW = "preview"
    THUMB = "thumb"
    PUBLIC = "public"


_LONGEST: Final = {Size.PREVIEW: pictures.PREVIEW, Size.THUMB: pictures.THUMB, Size.PUBLIC: None}


def storage() -> Storage:
    """Where the content is."""
    return storages[ALIAS]


def read_all(content: bytes | IO[bytes]) -> bytes:
    """The whole content, if it is not too large.

    Raises:
        RefusedFileError: empty or too large.
    """
    most = settings.FILE_MAX_MB * 1024 * 1024
    whole = content if isinstance(content, bytes) else content.read(most + 1)
    if not whole:
        raise RefusedFileError(_("The file is empty."))
    if len(whole) > most:
        raise RefusedFileError(
            _("The file is larger than %(most)s MB.") % {"most": settings.FILE_MAX_MB}
        )
    return whole


def examine(content: bytes) -> File:
    """What the content is: an unsaved `File`, all but `kept_at`.

    Raises:
        RefusedFileError: no kind that is kept, or a damaged picture.
    """
    try:
        media_type = sniffing.media_type(content)
        found = pictures.read(content) if media_type in sniffing.PICTURES else None
    except sniffing.UnknownTypeError as error:
        raise RefusedFileError(_refusal(str(error))) from error
    except pictures.UnreadablePictureError as error:
        raise RefusedFileError(_("The picture is damaged or too large.")) from error
    file = File(
        sha256=hashlib.sha256(content).hexdigest(),
        sm3=sm3(content) if settings.FILE_SM3 else "",
        size=len(content),
        media_type=media_type,
    )
    if found:
        file.width, file.height, file.taken_at = found.width, found.height, found.taken_at
        file.longitude, file.latitude = found.longitude, found.latitude
        file.device = found.device
    return file


def _refusal(seems: str) -> str:
    kinds = _(
        "Only pictures (JPEG, PNG, WebP, HEIC), PDF, Word and Excel without macros, MP4 video and "
        "plain text are kept."
    )
    if not seems:
        return kinds
    return _("By its content this seems to be %(kind)s.") % {"kind": seems} + " " + kinds


def sm3(content: bytes) -> str:
    """SM3 (GB/T 32905-2016) in hex."""
    hasher = Hash(SM3())
    hasher.update(content)
    return hasher.finalize().hex()


def put(file: File, content: bytes) -> None:
    """Store the content and its small copies, unless they are there.

    Raises:
        RefusedFileError: the picture cannot be decoded to its end.
    """
    try:
        copies = {
            size: pictures.copy(content, _LONGEST[size])
            for size in (Size.PREVIEW, Size.THUMB)
            if file.is_picture and not storage().exists(_name(file, size))
        }
    except pictures.UnreadablePictureError as error:
        raise RefusedFileError(_("The picture is damaged or too large.")) from error
    _write_once(_name(file), content)
    for size, copied in copies.items():
        _write_once(_name(file, size), copied)


def content(file: File) -> bytes:
    """The content as it was sent.

    Raises:
        OSError: the storage does not have it.
    """
    return _read(_name(file))


def copy(file: File, size: Size) -> bytes:
    """A copy of a picture without its metadata, as JPEG; made now if it is not there.

    Raises:
        ValueError: no picture.
        OSError: the storage does not have it.
    """
    if not file.is_picture:
        raise ValueError(f"{file} is no picture")
    name = _name(file, size)
    if not storage().exists(name):
        _write_once(name, pictures.copy(content(file), _LONGEST[size]))
    return _read(name)


def is_unchanged(file: File) -> bool:
    """Whether the storage still has the very content.

    Raises:
        OSError: it has none.
    """
    return hashlib.sha256(content(file)).hexdigest() == file.sha256


def _name(file: File, size: Size | None = None) -> str:
    digest = file.sha256
    return f"{digest[:2]}/{digest[2:4]}/{digest}" + (f".{size}.jpg" if size else "")


def _write_once(name: str, content: bytes) -> None:
    if storage().exists(name):
        return
    saved = storage().save(name, ContentFile(content))
    if saved != name:  # another process was quicker, with the same content
        storage().delete(saved)


def _read(name: str) -> bytes:
    with storage().open(name) as stream:
        return bytes(stream.read())
