"""The commands of HJ 212: who may send them, in which dialogue, with which parameters.

`COMMANDS` is the table of 2017 with what is confirmed of 2025; `COMMANDS_2005` and
`COMMANDS_SURFACE_WATER` say where those dialects differ, since the same number means different
things there.  A profile picks its table; an operator's own table is just another mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Direction = Literal["host", "device", "both"]
Kind = Literal["request", "upload", "notify", "answer"]


class Command(NamedTuple):
    """One command number (CN)."""

    cn: str
    zh: str
    en: str
    sender: Direction  # who starts the dialogue
    kind: Kind  # of the dialogue, when the host starts it, else when the device does
    ask: tuple[str, ...] = ()  # parameters the request must carry
    ask_optional: tuple[str, ...] = ()
    reply: tuple[str, ...] = ()  # what the device's frame carries besides factors
    device_kind: Kind | None = None  # where the device may start it as well: upload or notify
    at_most_once: bool = False  # moves water or reagents: one sending, whatever is not heard
    since: int = 2005
    renamed: Mapping[str, str] = MappingProxyType({})  # our parameter name -> name on the wire


R: Kind = "request"
U: Kind = "upload"
N: Kind = "notify"
A: Kind = "answer"
_POL = ("PolId",)
_SPAN = ("BeginTime", "EndTime")
_TIME = ("DataTime",)


def _table(*rows: Command) -> Mapping[str, Command]:
    return MappingProxyType({row.cn: row for row in rows})


_SHARED = (
    Command("1000", "设置超时时间及重发次数", "set timeout and retries", "host", R,
            ("OverTime", "ReCount")),
    Command("1011", "提取/上传现场机时间", "get site time", "both", R, (), _POL,
            ("PolId", "SystemTime"), U),
    Command("1012", "设置现场机时间", "set site time", "host", R, ("SystemTime",), _POL),
    Command("1061", "提取实时数据间隔", "get real-time interval", "host", R, (), (),
            ("RtdInterval",)),
    Command("1062", "设置实时数据间隔", "set real-time interval", "host", R, ("RtdInterval",)),
    Command("1072", "设置现场机访问密码", "set access password", "host", R, ("NewPW",)),
    Command("2011", "取/上传污染物实时数据", "real-time data", "both", R, (), (), _TIME, U),
    Command("2012", "停止察看实时数据", "stop real-time data", "host", N),
    Command("2021", "取/上传设备运行状态数据", "device run state", "both", R, (), (), _TIME, U),
    Command("2022", "停止察看设备运行状态", "stop device run state", "host", N),
    Command("2031", "取/上传污染物日历史数据", "daily data", "both", R, _SPAN, (), _TIME, U),
    Command("2041", "取/上传设备运行时间日历史数据", "device run time per day", "both", R, _SPAN,
            (), _TIME, U),
    Command("2051", "取/上传污染物分钟数据", "minute data", "both", R, _SPAN, (), _TIME, U),
    Command("2061", "取/上传污染物小时数据", "hourly data", "both", R, _SPAN, (), _TIME, U),
    Command("3011", "零点校准量程校准", "zero and span calibration", "host", R, _POL,
            ("CalibrationType",)),
    Command("3012", "即时采样", "immediate sampling", "host", R, _POL, at_most_once=True),
    Command("9011", "请求应答", "request answer", "device", A, (), (), ("QnRtn",)),
    Command("9012", "执行结果", "execution result", "device", A, (), (), ("ExeRtn",)),
    Command("9013", "通知应答", "notification answer", "both", A),
    Command("9014", "数据应答", "data answer", "both", A),
    Command("9021", "登录", "login (vendors)", "device", N),
    Command("9022", "登录应答", "login answer (vendors)", "host", A),
)  # fmt: skip

_SINCE_2017 = (
    Command("1013", "现场机时间校准请求", "device asks for its time to be set", "device", N,
            (), _POL, since=2017),
    Command("1063", "提取分钟数据间隔", "get minute interval", "host", R, (), (),
            ("MinInterval",), since=2017),
    Command("1064", "设置分钟数据间隔", "set minute interval", "host", R, ("MinInterval",),
            since=2017),
    Command("2081", "上传数采仪开机时间", "logger boot time", "device", U, (), (),
            ("DataTime", "RestartTime"), since=2017),
    Command("3013", "启动清洗/反吹", "start cleaning or blowback", "host", R, _POL, since=2017),
    Command("3014", "比对采样", "comparison sampling", "host", R, _POL, since=2017),
    Command("3015", "超标留样", "retain a sample of an exceedance", "both", R, (), (),
            ("DataTime", "VaseNo"), U, at_most_once=True, since=2017),
    Command("3016", "设置采样时间周期", "set sampling period", "host", R,
            ("PolId", "CstartTime", "CTime"), since=2017),
    Command("3017", "提取/上传采样时间周期", "get sampling period", "both", R, _POL, (),
            ("PolId", "CstartTime", "CTime"), U, since=2017),
    Command("3018", "提取/上传出样时间", "get analyser turnaround", "both", R, _POL, (),
            ("PolId", "Stime"), U, since=2017),
    Command("3019", "提取/上传设备唯一标识", "get instrument serial number", "both", R, _POL, (),
            _POL, U, since=2017),
    Command("3020", "提取/上传现场机信息", "get site information", "both", R,
            ("PolId", "InfoId"), _SPAN, ("DataTime", "PolId"), U, since=2017),
    Command("3021", "设置现场机参数", "set site parameter", "host", R, ("PolId", "InfoId"),
            since=2017),
)  # fmt: skip

_SINCE_2025 = (
    Command("1001", "上传硬件序列号", "upload hardware serials", "device", N, since=2025),
    Command("1002", "设置入网编码", "set network-access number (MN)", "host", R, ("MN",),
            since=2025),
    Command("1014", "密钥申请/设置", "ask for or set the encryption key", "both", R,
            ("SKCreateTime", "NewSK"), (), (), N, since=2025),
    Command("2013", "上传周期分析数据", "raw result of a periodic analyser", "device", U, (), (),
            ("SampleTime", "CompleteTime", "SampleType"), since=2025),
    Command("2052", "上传单个噪声事件", "single noise event", "device", U, since=2025),
    Command("2062", "上传标样核查结果", "standard-sample check result", "device", U, (), (),
            _TIME, since=2025),
    Command("2111", "上传炉膛温度5分钟数据", "furnace temperature, 5 minutes", "device", U, (), (),
            _TIME, since=2025),
    Command("3022", "即时留样任务", "retain a sample now", "host", R, _POL, at_most_once=True,
            since=2025),
    Command("3024", "启动自动标样核查", "start automatic standard check", "host", R, _POL,
            since=2025),
    Command("9015", "心跳", "heartbeat", "device", N, since=2025),
)  # fmt: skip

_ONLY_2005 = (
    Command("1001", "设置报警时间", "set alarm time", "host", R, ("WarnTime",)),
    Command("1021", "提取污染物报警门限值", "get alarm limits", "host", R, ("PolId",)),
    Command("1022", "设置污染物报警门限值", "set alarm limits", "host", R),
    Command("1031", "提取上位机地址", "get alarm target", "host", R, (), (), ("AlarmTarget",)),
    Command("1032", "设置上位机地址", "set alarm target", "host", R, ("AlarmTarget",)),
    Command("1041", "提取数据上报时间", "get report time", "host", R, (), (), ("ReportTime",)),
    Command("1042", "设置数据上报时间", "set report time", "host", R, ("ReportTime",)),
    Command("1072", "设置访问密码", "set access password", "host", R, ("NewPW",),
            renamed=MappingProxyType({"NewPW": "PW"})),
    Command("2071", "取/上传报警记录", "alarm records", "both", R, _SPAN, (), _TIME, U),
    Command("2072", "上传报警事件", "alarm event", "device", N, (), (), _TIME),
    Command("3013", "设备操作", "operate a device", "host", R, ("PolId",)),
    Command("3014", "设置设备采样时间周期", "set sampling period", "host", R, ("PolId", "CTime")),
)  # fmt: skip


def _station(cn: str, zh: str, en: str, *ask: str, once: bool = False) -> Command:
    return Command(cn, zh, en, "host", R, ask, at_most_once=once, since=2018)


def _check(cn: str, zh: str, en: str) -> Command:
    return Command(cn, zh, en, "device", U, (), (), _TIME, since=2018)


_STATION = (
    Command("1014", "提取系统时间", "get station time", "host", R, (), (), ("SystemTime",)),
    _station("1015", "设置系统时间", "set station time", "SystemTime"),
    _check("2019", "上传水站数据", "station data"),
    _check("2062", "上传标样核查数据", "standard check"),
    _check("2063", "上传加标回收数据", "spike recovery"),
    _check("2064", "上传平行样数据", "parallel sample"),
    _check("2065", "上传核查数据", "other checks"),
    _check("2066", "上传流量数据", "flow"),
    _station("3015", "留样", "retain a sample", once=True),
    _station("3040", "提取系统状态", "system state"),
    _station("3041", "提取环境信息", "environment"),
    _station("3042", "设置运行模式", "set run mode", "RunMode"),
    _station("3043", "重启控制系统", "reboot the controller", once=True),
    _station("3044", "启动单次测试", "start one test", once=True),
    _station("3045", "停止测试", "stop the test"),
    _station("3046", "质控任务", "quality-control task", "PolId", once=True),
    _station("3047", "清除报警", "clear alarm"),
    _station("3048", "系统清洗", "clean the system", once=True),
    _station("3049", "外管路清洗", "clean outer pipe", once=True),
    _station("3050", "内管路清洗", "clean inner pipe", once=True),
    _station("3051", "沉砂池清洗", "clean sand tank", once=True),
    _station("3052", "除藻", "remove algae", once=True),
    _station("3053", "五参数池清洗", "clean five-parameter pool", once=True),
    _station("3054", "过滤器清洗", "clean filter", once=True),
    _station("3055", "设置沉砂时间", "set settling time", "SandTime"),
    _station("3056", "设置运行间隔", "set run interval", "RunInterval"),
    _station("3057", "设置泵状态", "set pump state", "PumpState"),
    _station("3058", "保留", "no operation"),
    _station("3059", "保留", "no operation"),
    _station("3060", "设置采水时长", "set pumping duration"),
    _station("3061", "设置供样时长", "set supply duration"),
    _station("3062", "设置外管路清洗时长", "set outer pipe cleaning duration"),
    _station("3063", "设置内管路清洗时长", "set inner pipe cleaning duration"),
    _station("3064", "设置清洗时长", "set cleaning duration"),
    _station("3065", "设置等待时长", "set waiting duration"),
    _station("3066", "设置补水时长", "set refill duration"),
    _station("3067", "水站控制", "station control"),
    _station("3080", "标样核查", "standard check", "PolId", once=True),
    _station("3081", "加标回收", "spike recovery", "PolId", "Volume", once=True),
    _station("3082", "平行样", "parallel sample", "PolId", once=True),
    _station("3083", "零点核查", "zero check", "PolId", once=True),
    _station("3084", "跨度核查", "span check", "PolId", once=True),
    _station("3085", "空白校准", "blank calibration", "PolId", once=True),
    _station("3086", "标样校准", "standard calibration", "PolId", once=True),
)

COMMANDS_2005: Mapping[str, Command] = _table(*_SHARED, *_ONLY_2005)
COMMANDS_2017: Mapping[str, Command] = _table(*_SHARED, *_SINCE_2017)
COMMANDS_2025: Mapping[str, Command] = _table(*_SHARED, *_SINCE_2017, *_SINCE_2025)
COMMANDS_SURFACE_WATER: Mapping[str, Command] = _table(
    *_SHARED, *_SINCE_2017, *_STATION, COMMANDS_2025["9015"]
)
# For people who look at a number without knowing whose it is; the newer meaning wins.
COMMANDS: Mapping[str, Command] = _table(*_STATION, *_ONLY_2005, *COMMANDS_2025.values())
