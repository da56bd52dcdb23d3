"""What a camera wrote is read where it makes sense; copies carry none of it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from jiulong.evidence import pictures
from jiulong.evidence.pictures import UnreadablePictureError
from tests.evidence.pictures import jpeg


def with_exif(exif: Image.Exif) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("offset", "hour"),
    [("", 4), ("+08:00", 4), ("+00:00", 12), ("-03:30", 16), ("nonsense", 4), ("+99:00", 4)],
)
def test_a_time_without_an_offset_is_beijing_time(offset: str, hour: int) -> None:
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:03:10 12:30:00"
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    minute = 0 if offset == "-03:30" else 30
    assert pictures.read(with_exif(exif)).taken_at == datetime(
        2026, 3, 10, hour, minute, tzinfo=UTC
    )


@pytest.mark.parametrize("time", ["0000:00:00 00:00:00", "yesterday", "2026:02:30 00:00:00"])
def test_a_time_that_is_none_is_not_kept(time: str) -> None:
    assert pictures.read(jpeg(taken=time)).taken_at is None


@pytest.mark.parametrize(("longitude", "latitude"), [(0.0, 0.0), (200.0, 10.0), (10.0, 91.0)])
def test_a_place_that_is_none_is_not_kept(longitude: float, latitude: float) -> None:
    found = pictures.read(jpeg(longitude=longitude, latitude=latitude))
    assert (found.longitude, found.latitude) == (None, None)


def test_a_place_in_the_south_and_west_is_negative() -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "S",
            ExifTags.GPS.GPSLatitude: (24.0, 30.0, 36.0),
            ExifTags.GPS.GPSLongitudeRef: "W",
            ExifTags.GPS.GPSLongitude: (117.0, 39.0, 0.0),
        }
    )
    found = pictures.read(with_exif(exif))
    assert (found.longitude, found.latitude) == (-117.65, -24.51)


def test_a_transparent_picture_is_copied_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(pictures.copy(out.getvalue(), 320))) as image:
        assert (image.format, image.size, image.getpixel((4, 4))) == ("JPEG", (8, 8), (255,) * 3)


def test_a_picture_that_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PIXELS_MAX", 1600 * 1200 - 1)
    with pytest.raises(UnreadablePictureError, match="1600 × 1200"):
        pictures.read(jpeg())


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_is_bent_in_a_picture_it_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(
        jpeg(taken="2026:03:10 12:30:00", longitude=117.65, latitude=24.51, size=(64, 48))
    )
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(3, min(len(content), 700) - 1))
        content[at] = data.draw(st.integers(0, 255))
    try:
        pictures.read(bytes(content))
        pictures.copy(bytes(content), 320)
    except UnreadablePictureError:
        pass
