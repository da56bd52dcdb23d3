"""A logger of HJ 212-2017 with an over-limit sampler, from tables C.1 to C.50.

It answers requests with 9011, its replies and 9012 (all with the request's QN, ST=91 but for the
replies), sends history one record at a time and waits for each 9014, and splits what is too long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.peers.wire import Heard, Line

SEGMENT_MAX = 1024
#: What it has measured: start of the ten minutes → factor → attribute → text.
History = dict[str, dict[str, dict[str, str]]]


@dataclass
class Device2017:
    """One device. `qn` counts its own dialogues."""

    line: Line
    mn: str
    password: str = "123456"
    history: History = field(default_factory=dict)
    bottles: int = 24
    filled: int = 0
    clock: str = "20260310120000"
    settings: dict[str, str] = field(default_factory=dict)
    qn: int = 20260310115900000

    def next_qn(self) -> str:
        self.qn += 1
        return str(self.qn)

    # -- what it says by itself -------------------------------------------------------------------

    async def upload(self, cn: str, at: str, factors: dict[str, dict[str, str]]) -> list[str]:
        """Send data and wait for 9014 of every packet; the QNs that were acknowledged."""
        packets = list(_packed(at, factors))
        known = []
        for number, cp in enumerate(packets, 1):
            qn = self.next_qn()
            split = f"PNUM={len(packets)};PNO={number};" if len(packets) > 1 else ""
            flag = 7 if split else 5
            await self.line.say(
                f"QN={qn};ST=32;CN={cn};PW={self.password};MN={self.mn};Flag={flag};{split}CP=&&{cp}&&"
            )
            answer = await self.line.hear()
            assert (answer.cn, answer.qn, answer.fields["ST"]) == ("9014", qn, "91"), answer
            known.append(qn)
        return known

    async def ask_for_the_time(self) -> Heard:
        """1013, answered by 9013."""
        qn = self.next_qn()
        await self.line.say(
            f"QN={qn};ST=32;CN=1013;PW={self.password};MN={self.mn};Flag=5;CP=&&PolId=w01018&&"
        )
        return await self.line.hear()

    # -- what it is told --------------------------------------------------------------------------

    async def serve(self) -> Heard:
        """Take one request or notification and see it through."""
        heard = await self.line.hear()
        if heard.cn in {"2012", "2022"}:
            await self._interact("9013", heard.qn, "")
            return heard
        wrong = self._refusal(heard)
        await self._interact("9011", heard.qn, f"QnRtn={wrong or 1}")
        if not wrong:
            result = await self._execute(heard)
            await self._interact("9012", heard.qn, f"ExeRtn={result}")
        return heard

    def _refusal(self, heard: Heard) -> int:
        """QnRtn of §6.6.4: 3 password, 4 MN, 8 command."""
        checks = (
            (heard.fields["PW"] != self.password, 3),
            (heard.fields["MN"] != self.mn, 4),
            (heard.cn not in {"1011", "1012", "1062", "1072", "2051", "3015", "3019", "3020"}, 8),
        )
        return next((code for wrong, code in checks if wrong), 0)

    async def _execute(self, heard: Heard) -> int:
        given = heard.given()
        if heard.cn == "2051":
            return await self._send_history(given["BeginTime"], given["EndTime"])
        if heard.cn == "3015":
            return await self._retain(heard)
        if heard.cn == "1072":
            self.password = given["NewPW"]
        self.settings |= given
        replies = {
            "1011": f"PolId=w01018;SystemTime={self.clock}",
            "3019": "PolId=w01018;w01018-SN=010000A8900016F000169DC1",
            "3020": f"DataTime={self.clock};PolId=w01018;{given.get('InfoId')}-Info=168.0",
        }
        if heard.cn in replies:
            await self._reply(heard, replies[heard.cn], flag=4)
        return 1

    async def _retain(self, heard: Heard) -> int:
        """C.34: the bottle's number in a frame of the same CN and QN, which asks for 9014."""
        if self.filled >= self.bottles:
            return 2
        self.filled += 1
        await self._reply(heard, f"DataTime={self.clock};VaseNo={self.filled}", flag=5)
        answer = await self.line.hear()
        assert (answer.cn, answer.qn) == ("9014", heard.qn), answer
        return 1

    async def _send_history(self, begin: str, end: str) -> int:
        wanted = [at for at in sorted(self.history) if begin <= at <= end]
        for at in wanted:
            await self.upload("2051", at, self.history[at])
        return 1 if wanted else 100

    async def _reply(self, heard: Heard, cp: str, flag: int) -> None:
        await self.line.say(
            f"QN={heard.qn};ST=32;CN={heard.cn};PW={self.password};MN={self.mn};Flag={flag};CP=&&{cp}&&"
        )

    async def _interact(self, cn: str, qn: str, cp: str) -> None:
        await self.line.say(
            f"QN={qn};ST=91;CN={cn};PW={self.password};MN={self.mn};Flag=4;CP=&&{cp}&&"
        )


def _packed(at: str, factors: dict[str, dict[str, str]]) -> Iterator[str]:
    """CPs of at most so many bytes, each with the time and whole factors (C.50)."""
    room = SEGMENT_MAX - 100
    cp = f"DataTime={at}"
    for code, values in factors.items():
        group = ",".join(f"{code}-{name}={text}" for name, text in values.items())
        if len(cp) + len(group) + 1 > room:
            yield cp
            cp = f"DataTime={at}"
        cp += f";{group}"
    yield cp
