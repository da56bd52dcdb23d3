"""A frame in words, for a person who has never seen one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

from hj212.codes import (
    DEVICE_STATES,
    EXECUTION_RESULTS,
    FLAGS,
    FLAGS_2005,
    REQUEST_RESULTS,
    SYSTEMS,
    Code,
    Table,
    info,
)
from hj212.commands import COMMANDS, COMMANDS_2005, COMMANDS_SURFACE_WATER, Command
from hj212.factors import FACTORS_2005, Factor, factor
from hj212.frame import Frame
from hj212.text import time_of

Lang = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "cn": ("命令", "command"),
    "st": ("系统", "system"),
    "mn": ("设备标识 MN", "device MN"),
    "qn": ("请求编号 QN", "request QN"),
    "pw": ("密码 PW", "password PW"),
    "flag": ("标志 Flag", "Flag"),
    "version": ("版本", "version"),
    "ack": ("要求应答", "wants an answer"),
    "no-ack": ("不要求应答", "wants no answer"),
    "packet": ("分包", "packet"),
    "rf": ("补传数据 RF=1", "back-filled, RF=1"),
    "crc": ("校验", "checksum"),
    "repaired": ("已修正", "repaired"),
    "time": ("数据时间", "data time"),
    "unknown": ("未知", "unknown"),
    "params": ("参数", "parameters"),
    "data": ("数据", "data"),
    "hj": ("正确", "right"),
    "modbus": ("CRC-16/MODBUS,不合标准", "CRC-16/MODBUS, not the standard's"),
    "modbus-swapped": ("CRC-16/MODBUS 字节颠倒,不合标准", "CRC-16/MODBUS swapped"),
    "bad": ("错误", "WRONG"),
}

_ATTRIBUTES: dict[str, tuple[str, str]] = {
    "Rtd": ("实时值", "real-time"), "Min": ("最小值", "minimum"), "Avg": ("平均值", "average"),
    "Max": ("最大值", "maximum"), "Cou": ("累计值", "total"), "Flag": ("标记", "mark"),
    "EFlag": ("扩展标记", "extended mark"), "SampleTime": ("采样时间", "sampled at"),
    "ZsRtd": ("折算实时值", "converted real-time"), "ZsMin": ("折算最小值", "converted minimum"),
    "ZsAvg": ("折算平均值", "converted average"), "ZsMax": ("折算最大值", "converted maximum"),
    "RS": ("运行状态", "run state"), "RT": ("运行时间", "run time"), "Info": ("信息", "info"),
    "SN": ("序列号", "serial number"),
}  # fmt: skip
_PARAMS: dict[str, tuple[str, str]] = {
    "QnRtn": ("请求返回结果", "request result"), "ExeRtn": ("执行结果", "execution result"),
    "SystemTime": ("系统时间", "system time"), "RestartTime": ("开机时间", "restarted at"),
    "PolId": ("因子编码", "factor"), "InfoId": ("信息编码", "information"),
    "BeginTime": ("开始时间", "from"), "EndTime": ("截止时间", "to"),
    "OverTime": ("超时时间(秒)", "timeout, s"), "ReCount": ("重发次数", "retries"),
    "RtdInterval": ("实时采样间隔(秒)", "real-time interval, s"),
    "MinInterval": ("分钟数据间隔(分钟)", "minute interval, min"),
    "NewPW": ("新密码", "new password"), "VaseNo": ("留样瓶编号", "bottle number"),
    "CstartTime": ("首次采样时间", "first sampling at"),
    "CTime": ("采样周期(小时)", "sampling period, h"),
    "Stime": ("出样时间(分钟)", "turnaround, min"),
    "DataTime": ("数据时间", "data time"),
}  # fmt: skip
_TIMES = frozenset({"DataTime", "SystemTime", "RestartTime", "BeginTime", "EndTime", "SampleTime"})


def explain(frame: Frame, lang: Lang = "zh") -> str:
    """Several lines of text."""
    return "\n".join(map(_harmless, _Teller(lang).lines(frame)))


def _harmless(line: str) -> str:
    """Control characters as escapes: a frame must not drive the reader's terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class _Teller:
    def __init__(self, lang: Lang) -> None:
        self._place = 0 if lang == "zh" else 1

    def lines(self, frame: Frame) -> Iterator[str]:
        yield from self._header(frame)
        if frame.time:
            yield self._line("time", f"{frame.time:%Y-%m-%d %H:%M:%S} (UTC+8)")
        params = {key: text for key, text in frame.params.items() if key != "DataTime"}
        if params:
            yield f"{self._word('params')}:"
            yield from self._table([self._param(key, text) for key, text in params.items()])
        if frame.data:
            yield f"{self._word('data')}:"
            yield from self._table([
                self._value(code, attribute, text, frame.version)
                for code, row in frame.data.items() for attribute, text in row.items()
            ])  # fmt: skip

    def _header(self, frame: Frame) -> Iterator[str]:
        yield self._line("cn", f"{frame.cn} {self._name(_command(frame))}")
        system = SYSTEMS.get(frame.st)
        yield self._line("st", f"{frame.st} {self._name(system)}")
        for name in ("mn", "qn", "pw"):
            if getattr(frame, name):
                yield self._line(name, getattr(frame, name))
        ack = self._word("ack" if frame.wants_ack else "no-ack")
        yield self._line("flag", f"{'-' if frame.flag is None else frame.flag} ({ack})")
        yield self._line("version", str(frame.version))
        if frame.pnum is not None:
            yield self._line("packet", f"{frame.pno}/{frame.pnum}")
        if frame.rf:
            yield self._word("rf")
        yield self._line("crc", f"{frame.crc} ({self._word(frame.crc_variant)})")
        if frame.repaired:
            yield self._line("repaired", ", ".join(frame.repaired))

    def _param(self, key: str, text: str) -> list[str]:
        if key in _TIMES:
            moment = time_of(text)
            meaning = f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
        elif key == "PolId":
            meaning = self._name(factor(text))
        elif key == "InfoId":
            meaning = self._name(info(text))
        else:
            meaning = self._code({"QnRtn": REQUEST_RESULTS, "ExeRtn": EXECUTION_RESULTS}, key, text)
        return [key, self._named(_PARAMS, key), text, meaning]

    def _value(self, code: str, attribute: str, text: str, version: int) -> list[str]:
        known = FACTORS_2005.get(code) if version == 2005 else None
        known = known or factor(code)
        item = info(code)
        if attribute == "Flag":
            meaning = self._code({"Flag": FLAGS_2005 if version == 2005 else FLAGS}, "Flag", text)
        elif attribute == "RS":
            meaning = self._code({"RS": DEVICE_STATES}, "RS", text)
        elif item is not None:
            meaning = item.unit or self._code({"Info": item.values}, "Info", text)
        else:
            meaning = _unit(known, attribute)
        name = self._name(known or item) if known or item else ""
        return [code, name, attribute, self._named(_ATTRIBUTES, attribute), text, meaning]

    def _code(self, tables: dict[str, Table], key: str, text: str) -> str:
        table = tables.get(key)
        if not table:
            return ""
        return self._name(table.get(text))

    def _name(self, entry: object) -> str:
        if entry is None:
            return f"({self._word('unknown')})"
        return str(getattr(entry, "en" if self._place else "zh"))

    def _named(self, names: dict[str, tuple[str, str]], key: str) -> str:
        pair = names.get(key)
        return pair[self._place] if pair else ""

    def _word(self, key: str) -> str:
        return _WORDS[key][self._place]

    def _line(self, key: str, text: str) -> str:
        return f"{self._word(key)}: {text}".rstrip()

    def _table(self, rows: list[list[str]]) -> Iterator[str]:
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
            yield "  " + "  ".join(cells).rstrip()


def _command(frame: Frame) -> Command | Code | None:
    if frame.version == 2005:
        table = COMMANDS_2005
    elif frame.st == "21":
        table = COMMANDS_SURFACE_WATER
    else:
        table = COMMANDS
    return table.get(frame.cn) or COMMANDS.get(frame.cn)


def _unit(known: Factor | None, attribute: str) -> str:
    if known is None or attribute in ("EFlag", "SampleTime", "SN"):
        return ""
    return known.mass_unit if attribute == "Cou" else known.unit


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
