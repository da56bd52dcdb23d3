"""Where files are stored is a setting: a directory, or a bucket."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django.fixtures import Settings

from jiulong.evidence import files
from jiulong.settings import file_storage


def test_files_lie_in_a_directory_by_default(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "evidence": {
        **file_storage(""), "OPTIONS": {**file_storage("")["OPTIONS"], "location": tmp_path},
    }}  # fmt: skip
    files._write_once("ab/cd/abcd", b"content")
    files._write_once("ab/cd/abcd", b"other content is not written")
    assert (tmp_path / "ab/cd/abcd").read_bytes() == b"content"
    assert (tmp_path / "ab/cd/abcd").stat().st_mode & 0o777 == 0o640


def test_a_bucket_is_used_where_one_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    for name, value in {
        "ENDPOINT": "https://s3.example.gov.cn", "REGION": "local", "ACCESS_KEY": "a",
        "SECRET_KEY": "b",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"JIULONG_S3_{name}", value)
    settings.STORAGES = {**settings.STORAGES, "evidence": file_storage("zhengju")}
    storage = storages["evidence"]
    assert type(storage).__name__ == "S3Storage"
    assert (storage.bucket_name, storage.endpoint_url) == ("zhengju", "https://s3.example.gov.cn")
    assert (storage.default_acl, storage.querystring_auth) == ("private", True)
    assert storage.bucket.name == "zhengju"  # boto3 takes the settings; nothing is sent yet
