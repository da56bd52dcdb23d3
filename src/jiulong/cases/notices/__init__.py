"""Words to people about cases: in the app, and outside through the channels that they chose."""

from jiulong.cases.notices.telling import CHANNEL, tell

__all__ = ["CHANNEL", "tell"]
