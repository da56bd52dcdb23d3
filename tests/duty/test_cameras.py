"""Where an outfall can be looked at."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.duty import actions, queries
from jiulong.organisation.models import User
from tests.duty.scene import Scene
from tests.factories import NOW, make_user


def test_an_administrator_names_cameras(scene: Scene) -> None:
    admin = make_user(User.Role.ADMINISTRATOR)
    camera = actions.set_camera(
        actor=admin,
        outfall=scene.outfall,
        name=" 排口 ",
        address="https://video.example/1",
        now=NOW,
    )
    assert queries.cameras(scene.owner, [scene.outfall]) == [camera]
    assert queries.cameras(scene.sibling, [scene.outfall]) == []
    actions.remove_camera(actor=admin, camera=camera, now=NOW)
    assert queries.cameras(scene.keeper, [scene.outfall]) == []
    with pytest.raises(PermissionDenied):
        actions.set_camera(actor=scene.keeper, outfall=scene.outfall, name="x", address="https://x")


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [
        ("", "https://video.example/1", "name"),
        ("x", "javascript:alert(1)", "address"),
        ("x", "video", "address"),
        ("x", "https://user:secret@video.example/1", "address"),
    ],
)
def test_what_is_no_address_is_refused(scene: Scene, name: str, address: str, field: str) -> None:
    admin = make_user(User.Role.ADMINISTRATOR)
    with pytest.raises(ValidationError) as refused:
        actions.set_camera(actor=admin, outfall=scene.outfall, name=name, address=address)
    assert list(refused.value.message_dict) == [field]
