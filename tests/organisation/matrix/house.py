"""Units, people, roles, logs: the three administrators; and one's own account."""

from __future__ import annotations

from jiulong.api.actions import create_token
from jiulong.api.models import ApiToken
from jiulong.organisation.actions import give_post
from jiulong.organisation.models import Post, Role, User
from tests.factories import make_user
from tests.organisation.matrix import holders, scoped, signed_in
from tests.organisation.matrix.world import World

KEEPERS = "administrator security auditor"
GIVERS = "administrator security"


def a_person(world: World) -> User:
    return make_user(User.Role.OBSERVER, world.own)


def somebody(world: World) -> list[int]:
    return [world.get(a_person).pk]


def a_post(world: World) -> Post:
    return give_post(
        actor=None, user=world.get(a_person), unit=world.own,
        role=Role.objects.get(pk="leader"),
    )  # fmt: skip


def a_token(world: World) -> ApiToken:
    owner = world.people["handler", "own"]
    return create_token(actor=owner, owner=owner, name="x")[0]


ROWS = {
    "house:mine": signed_in(),
    "house:sign_out_elsewhere": signed_in(post={}),
    "api_tokens": signed_in(),
    "api_token_revoke": scoped(
        {"handler": "own"}, args=lambda world: [world.get(a_token).pk], post={}
    ),
    "house:units": holders(KEEPERS),
    "house:unit": holders(KEEPERS, args=lambda world: [world.own.pk]),
    "house:unit_new": holders("administrator"),
    "house:unit_edit": holders("administrator", args=lambda world: [world.own.pk]),
    "house:unit_close": holders("administrator", args=lambda world: [world.own.pk], post={}),
    "house:people": holders(KEEPERS),
    "house:person": holders(KEEPERS, args=somebody),
    "house:person_new": holders("administrator"),
    "house:person_edit": holders(GIVERS, args=somebody),
    "house:person_password": holders(GIVERS, args=somebody),
    "house:person_unlock": holders("administrator", args=somebody, post={}),
    "house:person_sign_out": holders("administrator", args=somebody, post={}),
    "house:post_new": holders(GIVERS, args=somebody),
    "house:post_end": holders(
        GIVERS, args=lambda world: [*somebody(world), world.get(a_post).pk], post={}
    ),
    "house:roles": holders(KEEPERS),
    "house:role": holders(KEEPERS, args=lambda _world: ["handler"]),
    "house:role_new": holders("security"),
    "house:role_edit": holders("security", args=lambda _world: ["handler"]),
    "house:logins": holders("auditor"),
    "house:readings": holders("auditor"),
    "operations": holders("auditor"),
}
