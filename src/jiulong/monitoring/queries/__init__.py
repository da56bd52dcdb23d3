"""Every read that pages and the API need. All take the viewer and show only what is theirs."""

from jiulong.monitoring.queries.alarms import (
    acknowledgeable_alarm,
    alarm,
    alarm_case,
    alarms,
    days_over,
    findings_of,
)
from jiulong.monitoring.queries.findings import (
    acknowledgeable,
    finding,
    findings,
    findings_by_rule,
)
from jiulong.monitoring.queries.frames import RawFrame, raw_frame
from jiulong.monitoring.queries.latest import FACTOR_ORDER, CurrentValue, factor_rank
from jiulong.monitoring.queries.limits import (
    factors_to_limit,
    limits_of,
    permitted_loads,
    standards,
    standards_of,
)
from jiulong.monitoring.queries.names import factor, factors, streets
from jiulong.monitoring.queries.overview import Overview, Received, overview, received
from jiulong.monitoring.queries.points import (
    SORTS,
    STATES,
    PointRow,
    limit_history,
    limits_in_force,
    map_rows,
    point,
    point_rows,
    points,
    worst_ratio,
)
from jiulong.monitoring.queries.scope import visible_alarms, visible_findings, visible_points
from jiulong.monitoring.queries.series import Series, choose_period, series
from jiulong.monitoring.queries.strip import discharge_strip
from jiulong.monitoring.queries.tables import (
    Cell,
    Table,
    TableRow,
    factor_columns,
    last_frames,
    rows_of,
    table,
)

__all__ = [
    "FACTOR_ORDER",
    "SORTS",
    "STATES",
    "Cell",
    "CurrentValue",
    "Overview",
    "PointRow",
    "RawFrame",
    "Received",
    "Series",
    "Table",
    "TableRow",
    "acknowledgeable",
    "acknowledgeable_alarm",
    "alarm",
    "alarm_case",
    "alarms",
    "choose_period",
    "days_over",
    "discharge_strip",
    "factor",
    "factor_columns",
    "factor_rank",
    "factors",
    "factors_to_limit",
    "finding",
    "findings",
    "findings_by_rule",
    "findings_of",
    "last_frames",
    "limit_history",
    "limits_in_force",
    "limits_of",
    "map_rows",
    "overview",
    "permitted_loads",
    "point",
    "point_rows",
    "points",
    "raw_frame",
    "received",
    "rows_of",
    "series",
    "standards",
    "standards_of",
    "streets",
    "table",
    "visible_alarms",
    "visible_findings",
    "visible_points",
    "worst_ratio",
]
