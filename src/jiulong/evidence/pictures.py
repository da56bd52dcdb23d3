"""Pictures: what the camera wrote into them, and smaller copies without it."""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

#: Longest side in pixels of each copy.
PREVIEW: Final = 1280
THUMB: Final = 320
QUALITY: Final = 82
#: A camera has 12 to 108 megapixels; a "bomb" of a few kilobytes unpacks to gigabytes.
PIXELS_MAX: Final = 120_000_000
#: EXIF times are local times of the camera; before EXIF 2.31 without an offset.
CAMERA_ZONE: Final = ZoneInfo("Asia/Shanghai")


#: What Pillow raises over damaged pictures.
DAMAGE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
    Image.DecompressionBombError,
)
#: What turns a picture upright, by its EXIF orientation.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class UnreadablePictureError(ValueError):
    """It begins like a picture and cannot be read as one, or is far too large."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture says of itself."""

    width: int  # pixels, turned as it is seen
    height: int
    taken_at: datetime | None = None
    longitude: float | None = None  # degrees WGS 84
    latitude: float | None = None
    device: str = ""


def read(content: bytes) -> Facts:
    """Size, time, place and camera.

    Raises:
        UnreadablePictureError: damaged or too large.
    """
    with _opened(content) as image:
        exif = _exif(image)
        width, height = image.size
        if exif.get(ExifTags.Base.Orientation) in {5, 6, 7, 8}:  # lies on its side
            width, height = height, width
        longitude, latitude = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
        return Facts(width, height, _taken_at(exif), longitude, latitude, _device(exif))


def copy(content: bytes, longest: int | None) -> bytes:
    """A JPEG turned upright, without any metadata; `longest` None keeps the size.

    Raises:
        UnreadablePictureError: damaged or too large.
    """
    with _opened(content) as image:
        if longest is not None:
            image.draft("RGB", (longest, longest))  # decodes a large JPEG eight times faster
        turn = _TURNS.get(_exif(image).get(ExifTags.Base.Orientation, 1))
        upright = image.transpose(turn) if turn is not None else image.copy()
        if longest is not None:
            upright.thumbnail((longest, longest))
        out = io.BytesIO()
        _on_white(upright).save(out, "JPEG", quality=QUALITY, optimize=True)
        return out.getvalue()


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """The picture, whatever Pillow says of a damaged one told as one error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd EXIF; and of a bomb, limited below
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
                if image.width * image.height > PIXELS_MAX:
                    raise UnreadablePictureError(f"{image.width} × {image.height} pixels")
                yield image
    except DAMAGE as error:
        raise UnreadablePictureError(str(error)) from error


def _exif(image: Image.Image) -> Image.Exif:
    """What the camera wrote; nothing where it cannot be read, since the picture still can."""
    try:
        exif = image.getexif()
        for directory in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            exif.get_ifd(directory)  # read now, kept by Pillow
    except DAMAGE:
        return Image.Exif()
    return exif


def _on_white(image: Image.Image) -> Image.Image:
    """A new image of the pixels alone."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        upper = image.convert("RGBA")
        flat = Image.new("RGB", upper.size, "white")
        flat.paste(upper, mask=upper.getchannel("A"))
        return flat
    plain = image.convert("RGB")
    plain.info.clear()
    return plain


def _taken_at(exif: Image.Exif) -> datetime | None:
    details = exif.get_ifd(ExifTags.IFD.Exif)
    text = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        local = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - zone follows
    except ValueError:
        return None
    zone = _offset(str(details.get(ExifTags.Base.OffsetTimeOriginal, "")))
    try:
        return local.replace(tzinfo=zone or CAMERA_ZONE).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _offset(text: str) -> timezone | None:
    """`+08:00`."""
    try:
        hours, minutes = int(text[:3]), int(text[4:6])
        span = timedelta(hours=hours, minutes=math.copysign(minutes, hours))
        return timezone(span)
    except (ValueError, IndexError):
        return None


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    longitude = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
    latitude = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
    if longitude is None or latitude is None or (longitude == 0 and latitude == 0):
        return None, None  # 0, 0 is what a camera without a fix writes
    return longitude, latitude


def _degrees(
    gps: dict[int, Any], value: int, reference: int, negative: str, most: int
) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[value])
        found = degrees + minutes / 60 + seconds / 3600
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not (math.isfinite(found) and 0 <= found <= most):
        return None
    return round(-found if str(gps.get(reference, "")).startswith(negative) else found, 7)


def _device(exif: Image.Exif) -> str:
    words = [str(exif.get(tag, "")) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)]
    text = " ".join(word.strip("\0 ") for word in words).strip()
    return "".join(character for character in text if character.isprintable())[:120]
