"""Forms of the gateway: what they carry to the actions, and what they blame on which field."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

import hj212
from jiulong.gateway.forms import CommandForm, LoggerForm, command_choices, point_label
from jiulong.gateway.models import Logger
from tests.factories import make_logger, make_point

pytestmark = pytest.mark.django_db


def settings(**fields: Any) -> dict[str, Any]:
    given = {
        "mn": "M1", "point": make_point().code, "profile": "2017", "crc_mode": "auto",
        "time_label": "start",
    }  # fmt: skip
    return {**given, **fields}


def test_it_carries_networks_one_by_one() -> None:
    form = LoggerForm(settings(addresses=" 10.0.0.0/8\n\n192.168.0.0/16 "))
    assert form.is_valid()
    assert form.settings()["addresses"] == ["10.0.0.0/8", "192.168.0.0/16"]


def test_it_leaves_empty_secrets_out_where_they_stay() -> None:
    form = LoggerForm(settings(password="", key="", active="on"), fixed_mn=True, keeps=True)
    assert form.is_valid()
    assert set(form.settings()) == {
        "point", "profile", "addresses", "crc_mode", "time_label", "greet", "active",
    }  # fmt: skip
    assert "mn" not in form.fields


def test_a_new_logger_is_always_active() -> None:
    assert "active" not in LoggerForm().fields


def test_it_keeps_blanks_in_a_password_so_that_the_action_can_refuse_them() -> None:
    form = LoggerForm(settings(password=" x"))
    assert form.is_valid()
    assert form.settings()["password"] == " x"


def test_it_blames_the_field_or_the_whole() -> None:
    form = LoggerForm(settings())
    assert form.is_valid()
    form.blame(ValidationError({"key": "bad key", "nothing_here": "odd"}))
    form.blame(ValidationError("all wrong"))
    assert form.errors == {"key": ["bad key"], "__all__": ["odd", "all wrong"]}


def test_a_point_is_named_by_whose_and_which_and_its_code() -> None:
    point = make_point()
    owner = point.outfall.enterprise.name
    point.name = f"{owner}总排口"
    assert point_label(point) == f"{owner} 总排口 ({point.code})"


@pytest.mark.parametrize("profile", sorted(hj212.PROFILES))
def test_it_offers_only_what_a_host_may_send(profile: str) -> None:
    offered = {cn for cn, _label in command_choices(Logger(profile=profile))}
    known = hj212.PROFILES[profile].commands
    assert offered
    assert all(known[cn].sender != "device" for cn in offered)
    assert not offered & {"9011", "9012", "9013", "9014", "9021"}


def test_it_reads_parameters_line_by_line() -> None:
    form = CommandForm(
        make_logger(), {"cn": "1011", "reason": "x", "parameters": " PolId = w01018\r\n\r\na=b=c"}
    )
    assert form.is_valid()
    assert form.cleaned_data["parameters"] == {"PolId": "w01018", "a": "b=c"}


def test_it_names_commands_in_the_readers_language() -> None:
    logger = Logger(profile="2017")
    with translation.override("en"):
        assert dict(command_choices(logger))["3012"] == "3012 immediate sampling"
    with translation.override("zh-hans"):
        assert dict(command_choices(logger))["3012"] == "3012 即时采样"


def test_it_says_which_points_have_a_logger_already(db: None) -> None:
    free, taken = make_point(), make_point()
    logger = make_logger(taken)
    with translation.override("en"):
        labels = {str(value): label for value, label in LoggerForm().fields["point"].choices}
    assert f"has logger {logger.mn}" in labels[taken.code]
    assert "has logger" not in labels[free.code]
