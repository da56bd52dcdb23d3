"""What is said in the district's name, at which meetings, and who looks after what."""

from jiulong.bulletins.models.letters import Assessment, Letter, LetterScheme, LetterScore
from jiulong.bulletins.models.meetings import Attendance, Decision, Meeting, MeetingSeries
from jiulong.bulletins.models.pairings import Pairing, PairVisit, ProblemRule, VisitCase
from jiulong.bulletins.models.papers import Bulletin, BulletinKind, BulletinStep, Quote, Template

__all__ = [
    "Assessment",
    "Attendance",
    "Bulletin",
    "BulletinKind",
    "BulletinStep",
    "Decision",
    "Letter",
    "LetterScheme",
    "LetterScore",
    "Meeting",
    "MeetingSeries",
    "PairVisit",
    "Pairing",
    "ProblemRule",
    "Quote",
    "Template",
    "VisitCase",
]
