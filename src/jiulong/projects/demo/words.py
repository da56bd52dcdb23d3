"""Names of invented projects: what is built where. No firm, no person, no project that exists."""

from __future__ import annotations

from typing import Final

#: Industry → (weight, lead unit or "" for the zone itself, supervising unit, what is built).
TRADES: Final[dict[str, tuple[int, str, str, tuple[str, ...]]]] = {
    "manufacturing": (36, "", "350602-industry", (
        "食品精深加工车间", "智能装备产业园", "精密模具生产线", "钢制家具数字化工厂",
        "电子元器件封装线", "罐头食品自动化技改", "绿色包装生产基地", "新材料中试基地",
        "计时仪器智能工厂", "标准厂房", "水产品冷链加工中心", "农业机械总装车间",
    )),
    "services": (8, "350602-commerce", "350602-development", (
        "商贸物流园", "冷链仓储中心", "文化创意街区", "电商直播产业楼", "综合商业体",
    )),
    "agriculture": (7, "350602-agriculture", "350602-development", (
        "水仙花种质资源圃", "设施农业大棚", "高标准农田", "香蕉产业示范园", "农产品交易市场",
    )),
    "transport": (11, "350602-transport", "350602-development", (
        "片区路网", "农村公路提升", "公交首末站", "过江通道连接线", "产业园道路",
    )),
    "utilities": (9, "350602-urban", "350602-development", (
        "输变电工程", "供水管网改造", "燃气管道延伸", "充电站", "综合管廊",
    )),
    "ecology": (8, "350602-water", "350602-ecology", (
        "污水管网提质增效", "内河综合治理", "水环境治理", "防洪排涝工程", "湿地公园",
    )),
    "renewal": (12, "350602-housing", "350602-resources", (
        "老旧小区改造", "安置房", "城中村改造", "历史街区保护提升", "片区有机更新",
    )),
    "livelihood": (9, "350602-education", "350602-development", (
        "小学新建工程", "幼儿园扩容", "社区卫生服务中心", "养老服务综合体", "全民健身中心",
    )),
}  # fmt: skip
#: Industries paid from public money: no contract to sign, special bonds possible.
PUBLIC: Final = frozenset({"transport", "utilities", "ecology", "renewal", "livelihood"})
PARTS: Final = (
    "", "（一期）", "（二期）", "（三期）", "扩建项目", "（A地块）", "（B地块）", "（四期）",
    "（C地块）", "（五期）",
)  # fmt: skip
NODES: Final = ("场地平整", "基础施工", "主体施工", "主体封顶", "安装与装修", "竣工验收")
ROAD_NODES: Final = ("清表", "路基施工", "管线敷设", "路面基层", "面层摊铺", "交工验收")
LEADERS: Final = (
    ("industry", "区挂钩领导（工业专班）"), ("city", "区挂钩领导（城建专班）"),
    ("transport", "区挂钩领导（交通专班）"), ("rural", "区挂钩领导（乡村振兴专班）"),
    ("livelihood", "区挂钩领导（民生专班）"), ("services", "区挂钩领导（服务业专班）"),
    ("ecology", "区挂钩领导（生态专班）"), ("park", "区挂钩领导（园区专班）"),
)  # fmt: skip
LEADER_OF: Final[dict[str, str]] = {
    "manufacturing": "industry", "services": "services", "agriculture": "rural",
    "transport": "transport", "utilities": "city", "ecology": "ecology", "renewal": "city",
    "livelihood": "livelihood",
}  # fmt: skip
CONTACTS: Final = ("林工", "陈工", "黄工", "张工", "吴工", "郑工", "蔡工", "许工")
SLOW_WORDS: Final = (
    "连日降雨影响土方作业，正抢抓工期。", "部分材料进场延迟，已协调供应。",
    "交地未完成，先行施工其余标段。", "设计变更待审，同步推进不受影响部分。",
    "施工班组不足，已督促增派人员。",
)  # fmt: skip
LATE_REASON: Final = "用地组件已报省级审批，批复前无法开工，经专班会议确认顺延。"
#: Matter → (what the form's `issue` says, title, extent).
OBSTACLES: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "xiangmu.land": (
        ("conversion", "农用地转用批复未下达，影响二标段进场", "28亩"),
        ("supply", "剩余地块尚未供地，厂房无法放线", "16亩"),
        ("boundary", "红线边界与相邻权属不一致，需现场确认", "3.5亩"),
    ),
    "xiangmu.forest": (
        ("use", "使用林地审核意见未出，临时便道无法施工", "6.2亩"),
        ("felling", "红线内林木采伐手续待办", "40株"),
    ),
    "xiangmu.demolition": (
        ("houses", "红线内房屋未签约，影响主线贯通", "11户"),
        ("graves", "坟墓迁移未完成，影响土方施工", "23座"),
        ("rest", "扫尾地块未交地，管沟无法开挖", "2.8亩"),
    ),
    "xiangmu.funds": (
        ("bond", "专项债资金尚未下达，进度款支付滞后", "1200万元"),
        ("budget", "区级配套资金未拨付到位", "360万元"),
        ("loan", "项目贷款授信审批未完成", "5000万元"),
    ),
    "xiangmu.approval": (
        ("construction", "施工许可因消防设计审查未通过暂缓", "1项"),
        ("tender", "招标文件备案退回修改", "1项"),
        ("eia", "环评补充监测数据待提交", "1项"),
    ),
    "xiangmu.pipeline": (
        ("power", "10千伏线路未迁改，塔吊无法就位", "420米"),
        ("gas", "燃气中压管横穿红线，需改线", "180米"),
        ("water", "施工用水接驳点未开通", "1处"),
    ),
}
OVERRIDES: Final = (
    ("green", "台风停工期间任务经指挥部批准顺延，实际已按顺延计划完成。"),
    ("green", "统计数据正在审核入库，已取得受理回执。"),
    ("yellow", "进度达标，但现场质量问题整改未销号，从严亮灯。"),
    ("green", "年度计划调整批文已下达，系统计划数下月更新。"),
    ("yellow", "节点虽按期，征迁扫尾存在较大风险，提前预警。"),
)
