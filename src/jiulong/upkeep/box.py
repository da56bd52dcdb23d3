"""The provisions in the box. Where a number is uncertain it stands with the norm it is said to come
from, and a pack of the site puts the right one in its place.
"""

from __future__ import annotations

from typing import Any, Final

HJ355: Final = {"zh": "HJ 355-2019 表1", "en": "HJ 355-2019, table 1"}
HJ353: Final = {"zh": "HJ 353-2019 调试", "en": "HJ 353-2019, commissioning"}
MARKING: Final = {
    "zh": "生态环境部公告2022年第21号 自动监测数据标记规则",
    "en": "MEE announcement 21 of 2022, rules for marking automatic monitoring data",
}
HJ355_FORMS: Final = {"zh": "HJ 355-2019 附录记录表", "en": "HJ 355-2019, annexed record forms"}


def _kind(key: str, zh: str, en: str, group: str, letter: str = "") -> dict[str, Any]:
    return {
        "key": key, "name": {"zh": zh, "en": en}, "group": group, "letter": letter,
        "invalidates": group == "device", "source": MARKING,
    }  # fmt: skip


#: Letters: data flags of HJ 212-2017 table 8.
MARK_KINDS: Final = [
    _kind("fault", "故障", "Fault", "device", "D"),
    _kind("maintenance", "维护", "Maintenance", "device", "M"),
    _kind("calibration", "校准/校验", "Calibration or check", "device", "C"),
    _kind("stopped", "停运/停机", "Instrument stopped", "device", "F"),
    _kind("broken_line", "通讯中断", "Line broken", "device", "B"),
    _kind("missing", "数据缺失说明", "Missing data explained", "device"),
    _kind("works_start", "启动", "Start-up", "condition"),
    _kind("works_stopped", "停运", "Works stopped", "condition"),
    _kind("production_stopped", "停产", "Production stopped", "condition"),
    _kind("treatment_fault", "治理设施故障", "Treatment broken", "condition"),
    _kind("treatment_repair", "治理设施检修", "Treatment under repair", "condition"),
]


def _limit(
    key: str, factor: str, kinds: str, measure: str, tolerance: str, **more: Any
) -> dict[str, Any]:
    return {
        "key": key, "factor": factor, "kinds": tuple(kinds.split()), "measure": measure,
        "tolerance": tolerance, "source": HJ355, **more,
    }  # fmt: skip


#: COD below 30 mg/L, NH3-N, TN below 2 mg/L and TP below 0.4 mg/L are compared on a standard
#: sample of about that height in place of the water.
QC_LIMITS: Final = [
    _limit("cod_standard", "w01018", "standard", "relative", "0.10"),
    _limit("cod_30", "w01018", "comparison", "absolute", "5", high="30"),
    _limit("cod_60", "w01018", "comparison", "relative", "0.30", low="30", high="60"),
    _limit("cod_100", "w01018", "comparison", "relative", "0.20", low="60", high="100"),
    _limit("cod_high", "w01018", "comparison", "relative", "0.15", low="100"),
    _limit("nh3n_standard", "w21003", "standard", "relative", "0.10"),
    _limit("nh3n_2", "w21003", "comparison", "absolute", "0.3", high="2"),
    _limit("nh3n_high", "w21003", "comparison", "relative", "0.15", low="2"),
    _limit("tp_standard", "w21011", "standard", "relative", "0.10"),
    _limit("tp_04", "w21011", "comparison", "absolute", "0.04", high="0.4"),
    _limit("tp_high", "w21011", "comparison", "relative", "0.15", low="0.4"),
    _limit("tn_standard", "w21001", "standard", "relative", "0.10"),
    _limit("tn_2", "w21001", "comparison", "absolute", "0.3", high="2"),
    _limit("tn_high", "w21001", "comparison", "relative", "0.15", low="2"),
    _limit("ph", "w01001", "comparison", "absolute", "0.5"),
    _limit("ph_standard", "w01001", "standard", "absolute", "0.5", regular=False),
    _limit("temperature", "w01010", "standard comparison", "absolute", "0.5", regular=False),
    _limit("flow", "w00000", "comparison", "relative", "0.10", regular=False),  # quarterly list
    *(
        _limit(
            f"{name}_{kind}", factor, kind, "range", tolerance, source=HJ353, regular=False
        )
        for name, factor in (
            ("cod", "w01018"), ("nh3n", "w21003"), ("tp", "w21011"), ("tn", "w21001"),
        )
        for kind, tolerance in (("zero", "0.05"), ("span", "0.10"))
    ),
]  # fmt: skip


def _check(key: str, zh: str, en: str) -> dict[str, Any]:
    return {"key": key, "label": {"zh": zh, "en": en}}


def _number(key: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {**_check(key, zh, en), "type": "number", **more}


def _text(key: str, zh: str, en: str, *, required: bool = True) -> dict[str, Any]:
    return {**_check(key, zh, en), "type": "text", "required": required}


def _form(key: str, zh: str, en: str, every: int, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": key, "name": {"zh": zh, "en": en}, "every_days": every, "fields": fields,
        "source": HJ355_FORMS,
    }  # fmt: skip


FORMS: Final = [
    _form("weekly", "每周巡检", "Weekly round", 7, [
        _number("temperature", "站房温度", "Room temperature", unit="℃", low="18", high="28"),
        _number("humidity", "站房湿度", "Room humidity", unit="%", high="80"),
        _check("power", "供电与接地", "Power and earthing"),
        _check("room", "门窗、卫生、消防", "Doors, order, fire safety"),
        _check("intake", "采水管路与取水口", "Intake and its pipes"),
        _check("sampler", "水质自动采样器与留样", "Sampler and kept bottles"),
        _check("flow_meter", "流量计与标准化堰槽", "Flow meter and flume"),
        _check("analysers", "分析仪运行状态", "Analysers run"),
        _check("reagents", "试剂与标准溶液余量", "Reagents and standards left"),
        _check("waste", "废液收集", "Waste liquid collected"),
        _check("logger", "数采仪与平台数据一致", "Logger and platform agree"),
        _check("video", "视频与门禁", "Video and door"),
    ]),
    _form("monthly", "每月维护", "Monthly maintenance", 31, [
        _check("cleaned", "管路、比色池、电极清洗", "Pipes, cells and electrodes cleaned"),
        _check("seals", "泵管与密封件", "Pump tubes and seals"),
        _check("calibrated", "仪器校准", "Instruments calibrated"),
        _check("compared", "实际水样比对", "Compared with manual samples"),
        _check("parameters", "斜率、截距、量程与备案一致", "Slope, intercept, range as filed"),
    ]),
    _form("quarterly", "每季维护", "Quarterly maintenance", 92, [
        _number("level_error", "液位比对误差", "Level error", unit="mm", high="12"),
        _number("flow_error", "流量比对误差", "Flow error", unit="%", low="-10", high="10"),
        _check("backup", "数采仪数据备份", "Data of the logger backed up"),
        _check("wearing", "易损件更换", "Wearing parts replaced"),
    ]),
    _form("reagents", "试剂更换", "Reagents replaced", 0, [
        _text("which", "试剂名称", "Which reagents"),
        _text("batch", "批号与有效期", "Batch and date of expiry"),
    ]),
    _form("parts", "易耗品与备件更换", "Parts replaced", 0, [
        _text("which", "部件名称", "Which parts"),
        _text("why", "更换原因", "Why"),
    ]),
    _form("repair", "检修", "Repair", 0, [
        _text("fault", "故障现象与原因", "Fault and its cause"),
        _text("work", "处理过程", "What was done"),
        _check("checked", "修复后核查合格", "Check passed after it"),
    ]),
]  # fmt: skip

REPORTING: Final = {
    "zh": "HJ 355-2019；污染源自动监控管理办法",
    "en": "HJ 355-2019; rule of 2005 on automatic monitoring of pollution sources",
}
#: Our own where no norm says anything.
OWN: Final = {"zh": "本系统默认值", "en": "default of this system"}
CLOCKS: Final[list[dict[str, Any]]] = [
    # Of the day after the first marked day. Data that nobody marks by then are taken as true.
    {"key": "mark_by", "value": "12:00", "source": MARKING},
    {"key": "mark_ahead", "value": "24 hours", "source": OWN},
    # Further back nothing is handed in any more: days that were told of stay told. No norm says so.
    {"key": "mark_back", "value": "30 days", "source": OWN},
    {"key": "check_back", "value": "30 days", "source": OWN},
    {"key": "fault_report", "value": "12 hours", "source": REPORTING},
    {"key": "fault_restore", "value": "5 working_days", "source": REPORTING},
    {"key": "manual_per_day", "value": "4", "source": "HJ 356-2019"},
    {"key": "manual_apart", "value": "6 hours", "source": "HJ 356-2019"},
    {"key": "standard_every", "value": "24 hours", "source": HJ355},
    {"key": "comparison_every", "value": "31 days", "source": HJ355},
    {"key": "comparison_pairs", "value": "3", "source": "HJ 355-2019"},
    # Of the pairs of one comparison so many may lie outside: 2 of 3, 3 of 4, 4 of 5.
    {"key": "comparison_misses", "value": "1", "source": "HJ 355-2019"},
    {"key": "objection_answer", "value": "7 working_days", "source": OWN},
]

BOX: Final[dict[str, list[dict[str, Any]]]] = {
    "mark_kinds": MARK_KINDS,
    "qc_limits": QC_LIMITS,
    "upkeep_forms": FORMS,
    "upkeep_clocks": CLOCKS,
}
