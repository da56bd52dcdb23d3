"""Photographs as a phone takes them."""

from __future__ import annotations

import io

from PIL import ExifTags, Image


def jpeg(
    *,
    taken: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    orientation: int = 1,
    size: tuple[int, int] = (1600, 1200),
    colour: str = "#1F7A99",
) -> bytes:
    """A JPEG with the EXIF that is asked for; a picture of noise, so that it has some length."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Jiulong", "Test"
    exif[ExifTags.Base.Orientation] = orientation
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if longitude is not None and latitude is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N",
                ExifTags.GPS.GPSLatitude: (latitude, 0.0, 0.0),
                ExifTags.GPS.GPSLongitudeRef: "E",
                ExifTags.GPS.GPSLongitude: (longitude, 0.0, 0.0),
            }
        )
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()
