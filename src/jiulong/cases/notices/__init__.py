"""Words to people about cases: in the app, and outside through the channels that they chose."""

from jiulong.cases.notices.telling import CHANNEL, Word, tell, tell_many

__all__ = ["CHANNEL", "Word", "tell", "tell_many"]
