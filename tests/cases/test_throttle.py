"""Who asks is known by address; a proxy is believed only where there is one."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from jiulong.cases.throttle import address_of


@pytest.mark.parametrize(
    ("behind", "forwarded", "found"),
    [
        (False, "1.2.3.4", "127.0.0.1"),
        (True, "1.2.3.4", "1.2.3.4"),
        (True, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (True, "", "127.0.0.1"),
    ],
)
def test_it_believes_our_own_proxy_alone(
    settings, behind: bool, forwarded: str, found: str
) -> None:
    settings.BEHIND_TLS = behind
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", headers=headers)) == found
