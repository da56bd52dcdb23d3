"""The code tables of HJ 212, with Chinese and English names.

Where 2005 or a province means something else by the same code, that is a table of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Code(NamedTuple):
    """One entry of a code table."""

    code: str
    zh: str
    en: str


Table = Mapping[str, Code]


def _table(text: str) -> Table:
    rows = (Code(*row.split("|")) for row in text.strip().splitlines())
    return MappingProxyType({row.code: row for row in rows})


REQUEST_RESULTS: Table = _table("""
1|准备执行请求|about to execute
2|请求被拒绝|request refused
3|PW错误|wrong PW
4|MN错误|wrong MN
5|ST错误|wrong ST
6|Flag错误|wrong Flag
7|QN错误|wrong QN
8|CN错误|wrong CN
9|CRC校验错误|wrong CRC
100|未知错误|unknown error
""")
REQUEST_ACCEPTED = "1"

EXECUTION_RESULTS: Table = _table("""
1|执行成功|success
2|执行失败,但不知道原因|failed, cause unknown
3|执行失败,请求条件错误|failed, request condition wrong
4|通讯超时|communication timeout
5|系统繁忙不能执行|busy
6|系统故障|system fault
100|没有数据|no data
""")
EXECUTION_SUCCEEDED = "1"

FLAGS: Table = _table("""
N|在线监控(监测)仪器仪表工作正常|instrument normal
F|在线监控(监测)仪器仪表停运|instrument stopped
M|仪器仪表处于维护期间产生的数据|produced during maintenance
S|手工输入的设定值|manually entered set value
D|仪器仪表故障|instrument fault
C|仪器仪表处于校准状态|calibrating
T|仪器仪表采样数值超过测量上限|over measuring range
B|仪器仪表与数采仪通讯异常|instrument-logger communication error
""")

FLAGS_2005: Table = _table("""
N|正常|normal
F|排放源停运|emission source stopped
M|维护|maintenance
S|设定值|set value
D|故障|fault
C|校准|calibrating
T|超测上限|over measuring range
P|电源故障|power failure
0|校准数据|calibration data (air)
1|气象参数|weather parameter (air)
2|异常数据|abnormal data (air)
3|正常数据|normal data (air)
""")

SYSTEMS: Table = _table("""
21|地表水质量监测|surface water quality
22|空气质量监测|air quality
23|声环境质量监测|acoustic environment quality
24|地下水质量监测|groundwater quality
25|土壤质量监测|soil quality
26|海水质量监测|sea water quality
27|挥发性有机物监测|VOC monitoring
31|大气环境污染源|atmospheric pollution source
32|地表水体环境污染源|surface-water pollution source
33|地下水体环境污染源|groundwater pollution source
34|海洋环境污染源|marine pollution source
35|土壤环境污染源|soil pollution source
36|声环境污染源|noise source
37|振动环境污染源|vibration source
38|放射性环境污染源|radioactive source
39|工地扬尘污染源|construction dust source
41|电磁环境污染源|electromagnetic source
44|用电监控|power monitoring (2025)
45|关键生产工况|key production conditions (2025)
51|烟气排放过程监控|flue-gas process monitoring
52|污水排放过程监控|sewage process monitoring
91|系统交互|system interaction
""")
SYSTEM_INTERACTION = "91"

# 2021: state of a treatment device (SBx-RS)
DEVICE_STATES: Table = _table("""
0|关闭|off
1|运行|running
2|校准|calibrating
3|维护|maintenance
4|报警|alarm
5|反吹|blowback
""")


class Info(NamedTuple):
    """Site information (i-code) of 3020 and 3021."""

    code: str
    zh: str
    en: str
    kind: str  # log, state or parameter: the third character of the code
    unit: str = ""
    values: Table = MappingProxyType({})


_ALARM = _table("0|正常|normal\n1|报警|alarm")
_LINK = _table("0|正常|normal\n1|异常|abnormal")
ANALYSER_STATES: Table = _table("""
0|运行|running
1|维护|maintenance
2|故障|fault
3|校准|calibrating
5|反吹|blowback
6|断电|power fail
7|测量|measuring
8|标定|span setting
9|待机|standby
10|运维|operation and maintenance
""")
# Provinces number the states of wastewater analysers anew; a deployment picks its table.
ANALYSER_STATES_HEBEI: Table = _table("""
0|空闲|idle
1|采样|sampling
2|清洗|cleaning
3|维护|maintenance
4|故障|fault
5|校准|calibrating
6|标样核查|standard check
""")
ANALYSER_STATES_SHANDONG: Table = _table("""
0|测量|measuring
1|待机|standby
2|零点校准|zero calibration
3|量程校准|span calibration
4|超标|over limit
6|核查|check
7|清洗|cleaning
""")
LOGGER_STATES: Table = _table("0|运行|running\n1|停止|stopped\n2|故障|fault\n3|维护|maintenance")
LOGGER_USERS: Table = _table("0|普通|normal\n1|管理员|administrator\n2|运维人员|maintainer")
CHANNEL_STATES: Table = _table("0|正常|normal\n1|异常|abnormal\n2|未接仪表|nothing attached")

_KINDS = {"1": "log", "2": "state", "3": "parameter"}
_VALUES: Mapping[str, Table] = {
    "i12001": ANALYSER_STATES,
    "i12002": _LINK,
    "i12003": _ALARM,
    "i22001": LOGGER_STATES,
    "i22002": LOGGER_USERS,
    "i22003": _LINK,
    "i22101": CHANNEL_STATES,
}

_INFO_ROWS = """
i11001|在线监控(监测)仪器仪表日志|analyser operating log|
i12001|在线监控(监测)仪器仪表工作状态|analyser state|
i12002|仪器仪表与数采仪通讯状态|analyser-logger link|
i12003|COD分析仪报警状态|COD analyser alarm|
i13001|测量量程|range|
i13002|测量精度|accuracy|
i13003|测量间隔|measuring interval|min
i13004|消解温度|digestion temperature|℃
i13005|消解时长|digestion time|min
i13006|校准时间|calibration time|
i13007|截距|intercept|
i13008|斜率|slope|
i13009|测量检出限|detection limit|
i21001|数采仪日志|logger log|
i22001|数采仪工作状态|logger state|
i22002|数采仪用户状态|logged-in user|
i22003|数采仪与上位机通讯状态|logger-host link|
i22101|数采仪通道状态|logger channel state|
i23001|当地大气压|local atmospheric pressure|kPa
i23005|数采仪序列号|logger serial number (2025)|
i23006|CPU序列号|CPU serial number (2025)|
i23007|MAC地址1|MAC address 1 (2025)|
i23008|MAC地址2|MAC address 2 (2025)|
i31001|门禁日志|door log|
i32001|门禁状态|door state|
i33001|CEMS伴热管温度|CEMS line temperature|℃
i33002|CEMS冷凝温度|CEMS condenser temperature|℃
i33101|站房温度|station temperature|℃
i33102|站房湿度|station humidity|%
i33103|供电电压|mains voltage|V
i33104|原水压力|raw-water pressure|kPa
i33105|水样压力1|sample pressure 1|kPa
i33106|水样压力2|sample pressure 2|kPa
i33107|沉砂池清洗时间|sand-tank clean time|s
i33200|电流|plant current|A
i33201|累计用电量|cumulative energy|kWh
i33202|当日用电量|daily energy|kWh
i33400|生产负荷|production load|%
"""
# Hebei's sampler vocabulary; the standard reserves device class 4.
_HEBEI_ROWS = """
i41001|开门记录|door record|
i41002|断电记录|power-off record|
i42001|采样器设备状态|sampler device state|
i42002|采样器系统时间|sampler system time|
i42003|采样器门状态|sampler door state|
i42004|混采桶A状态|mixing bucket A state|
i42005|混采桶B状态|mixing bucket B state|
i42006|异常状态|abnormal state|
i43001|采样模式|sampling mode|
i43002|留样模式|retention mode|
i43003|采样量|sample volume|mL
i43004|采样间隔|sampling interval|min
i43005|留样量|retained volume|mL
i43006|瓶号|bottle number|
"""


def _infos(text: str) -> Mapping[str, Info]:
    rows = (row.split("|") for row in text.strip().splitlines())
    return MappingProxyType({
        code: Info(code, zh, en, _KINDS[code[2]], unit, _VALUES.get(code, MappingProxyType({})))
        for code, zh, en, unit in rows
    })  # fmt: skip


INFOS: Mapping[str, Info] = _infos(_INFO_ROWS)
INFOS_HEBEI: Mapping[str, Info] = _infos(_HEBEI_ROWS)
_FURNACE = re.compile(r"i333[1-4][0-9]")  # last digit: measuring point
_CHANNEL = re.compile(r"i221[0-9]{2}")  # last two digits: channel of the logger


def info(code: str) -> Info | None:
    """Site information by its code in any letter case (the standard itself prints `I33400`)."""
    plain = code.casefold()
    found = INFOS.get(plain) or INFOS_HEBEI.get(plain)
    if found is None and _FURNACE.fullmatch(plain):
        return Info(plain, "炉膛温度", "furnace temperature", "parameter", "℃")
    if found is None and _CHANNEL.fullmatch(plain):
        return INFOS["i22101"]._replace(code=plain)
    return found
