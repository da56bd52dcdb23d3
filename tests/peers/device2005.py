"""A logger of HJ/T 212-2005: uploads without QN, answers with the request's QN inside CP.

Codes are those of 2005 (011 COD, 060 NH3-N, B01 flow), Flag is 0 or absent, MN has 14 digits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.peers.wire import Heard, Line


@dataclass
class Device2005:
    """One device of the old kind. It knows no 3015: sampling is 3012."""

    line: Line
    mn: str
    password: str = "123456"
    history: dict[str, str] = field(default_factory=dict)  # start of ten minutes → groups
    taken: list[str] = field(default_factory=list)
    alarm_time: str = ""

    async def upload(self, cn: str, at: str, groups: str) -> None:
        """Data without QN and without Flag: nobody acknowledges them."""
        await self.line.say(
            f"ST=32;CN={cn};PW={self.password};MN={self.mn};CP=&&DataTime={at};{groups}&&"
        )

    async def serve(self) -> Heard:
        """Take one request: 9011 · what it is about · 9012, which a host may acknowledge."""
        heard = await self.line.hear()
        if heard.fields["PW"] != self.password:
            await self._interact("9011", heard.qn, "QnRtn=3")
            return heard
        known = heard.cn in {"1001", "1072", "2051", "3012"}
        await self._interact("9011", heard.qn, f"QnRtn={1 if known else 2}")
        if known:
            await self._interact("9012", heard.qn, f"ExeRtn={await self._execute(heard)}")
        return heard

    async def _execute(self, heard: Heard) -> int:
        given = heard.given()
        if heard.cn == "2051":
            wanted = [
                t for t in sorted(self.history) if given["BeginTime"] <= t <= given["EndTime"]
            ]
            for at in wanted:
                await self.upload("2051", at, self.history[at])
            return 1 if wanted else 100
        if heard.cn == "3012":
            self.taken.append(given["PolId"])
        elif heard.cn == "1001":
            self.alarm_time = given["WarnTime"]
        else:
            self.password = given["PW"]
        return 1

    async def _interact(self, cn: str, qn: str, cp: str) -> None:
        await self.line.say(
            f"ST=91;CN={cn};PW={self.password};MN={self.mn};Flag=0;CP=&&QN={qn};{cp}&&"
        )
