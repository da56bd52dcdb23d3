"""Sans-IO library for HJ 212, the data transmission protocol of Chinese discharge monitoring."""

from hj212.answers import answer, answer_cn
from hj212.build import EncodeError, body_text, encode, request, split, upload
from hj212.cipher import CipherMissing
from hj212.commands import COMMANDS, Command
from hj212.crc import crc, crc_text
from hj212.frame import Damage, Frame, Reason
from hj212.profiles import PROFILES, Profile
from hj212.qn import QnGenerator
from hj212.shape import Columns
from hj212.stream import Stream, parse
from hj212.text import log_text, number, time_of, time_text

__all__ = [
    "COMMANDS",
    "PROFILES",
    "CipherMissing",
    "Columns",
    "Command",
    "Damage",
    "EncodeError",
    "Frame",
    "Profile",
    "QnGenerator",
    "Reason",
    "Stream",
    "answer",
    "answer_cn",
    "body_text",
    "crc",
    "crc_text",
    "encode",
    "log_text",
    "number",
    "parse",
    "request",
    "split",
    "time_of",
    "time_text",
    "upload",
]
