"""Sans-IO library for HJ 212, the data transmission protocol of Chinese discharge monitoring."""

from hj212.answers import answer, answer_cn
from hj212.build import EncodeError, body_text, encode, request, respond, split, upload
from hj212.cipher import CipherMissingError
from hj212.codes import (
    EXECUTION_RESULTS,
    FLAGS,
    FLAGS_2005,
    INFOS,
    REQUEST_RESULTS,
    SYSTEMS,
    Code,
    Info,
    info,
)
from hj212.commands import COMMANDS, Command
from hj212.crc import crc, crc_text
from hj212.dialogue import Dialogue
from hj212.factors import FACTORS, FACTORS_2005, Factor, factor
from hj212.frame import Damage, Frame, Reason
from hj212.merge import Merged, Merger
from hj212.profiles import PROFILES, Profile
from hj212.qn import QnGenerator
from hj212.shape import Columns
from hj212.stream import Stream, parse
from hj212.text import log_text, number, text_of, time_of, time_text

__version__ = "0.1.0"

__all__ = [
    "COMMANDS",
    "EXECUTION_RESULTS",
    "FACTORS",
    "FACTORS_2005",
    "FLAGS",
    "FLAGS_2005",
    "INFOS",
    "PROFILES",
    "REQUEST_RESULTS",
    "SYSTEMS",
    "CipherMissingError",
    "Code",
    "Columns",
    "Command",
    "Damage",
    "Dialogue",
    "EncodeError",
    "Factor",
    "Frame",
    "Info",
    "Merged",
    "Merger",
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
    "factor",
    "info",
    "log_text",
    "number",
    "parse",
    "request",
    "respond",
    "split",
    "text_of",
    "time_of",
    "time_text",
    "upload",
]
