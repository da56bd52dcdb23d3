"""Units, roles and the people who hold them; and what is written down about their sessions."""

from jiulong.organisation.models.people import HELD, Accounts, Post, Role, Unit, User, label_of
from jiulong.organisation.models.records import LogLine, PasswordUsed, ReadRecord, Session

__all__ = [
    "HELD",
    "Accounts",
    "LogLine",
    "PasswordUsed",
    "Post",
    "ReadRecord",
    "Role",
    "Session",
    "Unit",
    "User",
    "label_of",
]
