"""Every write about units, accounts, posts and roles. `actor` None is the command line alone."""

from jiulong.organisation.actions.hints import close_hint
from jiulong.organisation.actions.posts import end_post, give_post
from jiulong.organisation.actions.roles import (
    create_role,
    enter_built_in_roles,
    put_role,
    update_role,
)
from jiulong.organisation.actions.units import close_unit, create_unit, move_unit, update_unit
from jiulong.organisation.actions.users import (
    CHANGEABLE,
    create_user,
    end_sessions,
    set_password,
    unlock_user,
    update_user,
)

__all__ = [
    "CHANGEABLE",
    "close_hint",
    "close_unit",
    "create_role",
    "create_unit",
    "create_user",
    "end_post",
    "end_sessions",
    "enter_built_in_roles",
    "give_post",
    "move_unit",
    "put_role",
    "set_password",
    "unlock_user",
    "update_role",
    "update_unit",
    "update_user",
]
