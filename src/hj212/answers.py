"""What a host answers of itself: 9014 to data, 9013 to notifications, 9022 to a login.

This is a gateway's hottest path after framing, and all of an answer but QN is the same for every
frame of one device and command; so it is made once and kept with the header (`Head.answer`).
"""

from __future__ import annotations

from hj212.crc import CRC_TEXT, crc
from hj212.frame import ACKNOWLEDGEMENTS, Frame
from hj212.profiles import Profile, profile_of

DATA_ANSWER = "9014"


def answer_cn(frame: Frame, profile: Profile) -> str | None:
    """The command number of the answer that is due, or None."""
    cn = frame.cn
    if cn in ACKNOWLEDGEMENTS or profile.ack == "never":
        return None
    if not (frame.wants_ack or profile.ack == "always" or cn in profile.answered_always):
        return None
    return profile.answers.get(cn, DATA_ANSWER)


def answer(frame: Frame, profile: Profile | str) -> bytes | None:
    """The acknowledgement to send, in the form of the sender's version; None if none is due.

    Never for 9011-9014 and 9022, whatever their Flag says: acknowledging acknowledgements makes
    two machines talk for ever.  Send it when the frame is safely stored.
    """
    head = frame._head  # noqa: SLF001 - kept private from users, not from us
    made = head.answer
    if made is None or made[0] is not profile:
        made = head.answer = (profile, *_parts(frame, profile_of(profile)))
    if not made[2]:
        return None
    qn = frame.qn or frame.params.get("QN", "")
    if not qn:
        return _without_qn(frame, profile_of(profile))
    segment = made[1] + qn.encode() + made[2]
    return b"##%04d%b%b\r\n" % (len(segment), segment, CRC_TEXT[crc(segment)])


def _parts(frame: Frame, profile: Profile) -> tuple[bytes, bytes]:
    """What stands before and after the QN in the answer's segment; both empty: no answer."""
    cn = answer_cn(frame, profile)
    if cn is None:
        return b"", b""
    if frame.version == 2005:
        # 2005 answers carry the QN in CP and say what they answer.
        return f"ST=91;CN={cn};CP=&&QN=".encode(), b";" + _old_body(frame)
    return b"QN=", (";" + _rest(frame, cn)).encode()


def _old_body(frame: Frame) -> bytes:
    packet = f";PNO={frame.pno};PNUM={frame.pnum}" if frame.pno and frame.pnum else ""
    return f"CN={frame.cn}{packet}&&".encode()


def _rest(frame: Frame, cn: str) -> str:
    flag = 4 if frame.flag is None else frame.flag & ~3
    login = (f"PW={frame.pw};" if frame.pw else "") + (f"MN={frame.mn};" if frame.mn else "")
    return f"ST=91;CN={cn};{login}Flag={flag};CP=&&&&"


def _without_qn(frame: Frame, profile: Profile) -> bytes:
    cn = answer_cn(frame, profile) or DATA_ANSWER
    if frame.version == 2005:
        segment = f"ST=91;CN={cn};CP=&&".encode() + _old_body(frame)
    else:
        segment = _rest(frame, cn).encode()
    return b"##%04d%b%b\r\n" % (len(segment), segment, CRC_TEXT[crc(segment)])
