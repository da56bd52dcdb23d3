"""Names of factors and streets: for everybody who signed in, and nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from jiulong.monitoring import queries
from jiulong.monitoring.models import Factor
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", User.Role)
def test_it_names_factors_and_streets_to_all_accounts(role: User.Role) -> None:
    street, viewer = make_unit(Unit.Kind.STREET), make_user(role, make_unit())
    assert queries.factor(viewer, "w01018").code == "w01018"
    assert list(queries.factors(viewer, ["w01018", "zz"])) == ["w01018"]
    assert (street.code, street.name) in queries.streets(viewer)
    with pytest.raises(Factor.DoesNotExist):
        queries.factor(viewer, "zz")


def test_it_names_nothing_to_strangers() -> None:
    make_unit(Unit.Kind.STREET)
    gone = make_user(User.Role.OFFICER)
    gone.is_active = False
    nobodies: list[Viewer] = [AnonymousUser(), gone]
    for viewer in nobodies:
        assert queries.factors(viewer, ["w01018"]) == {}
        assert queries.streets(viewer) == []
