"""What may be seen of cases. Every query takes the viewer and gives only what they may see."""

from jiulong.cases.queries.dossier import (
    SUBJECT,
    AskedExtension,
    Linked,
    Step,
    asked_extension,
    attachments,
    custody,
    linked,
    sealed_upto,
    task,
    tasks,
    timeline,
)
from jiulong.cases.queries.folders import about_enterprise, about_entry, about_finding
from jiulong.cases.queries.ledger import Spoken, spoken
from jiulong.cases.queries.lists import Near, board, cases, nearby, placed, search
from jiulong.cases.queries.overview import Overview, overview
from jiulong.cases.queries.scope import (
    IS_OPEN,
    case,
    count_by_matter,
    fileable,
    furnished,
    matter_names,
    matters,
    units,
    visible,
)
from jiulong.cases.queries.statistics import Rates, by_matter, by_month, by_unit, totals
from jiulong.cases.queries.supervision import desk, matrix, overdue
from jiulong.cases.queries.todo import (
    Counts,
    Due,
    done_lately,
    dressed,
    due,
    waiting_for_others,
)
from jiulong.cases.queries.todo import counts as todo_counts
from jiulong.cases.queries.work import may_task

__all__ = [
    "IS_OPEN",
    "SUBJECT",
    "AskedExtension",
    "Counts",
    "Due",
    "Linked",
    "Near",
    "Overview",
    "Rates",
    "Spoken",
    "Step",
    "about_enterprise",
    "about_entry",
    "about_finding",
    "asked_extension",
    "attachments",
    "board",
    "by_matter",
    "by_month",
    "by_unit",
    "case",
    "cases",
    "count_by_matter",
    "custody",
    "desk",
    "done_lately",
    "dressed",
    "due",
    "fileable",
    "furnished",
    "linked",
    "matrix",
    "matter_names",
    "matters",
    "may_task",
    "nearby",
    "overdue",
    "overview",
    "placed",
    "sealed_upto",
    "search",
    "spoken",
    "task",
    "tasks",
    "timeline",
    "todo_counts",
    "totals",
    "units",
    "visible",
    "waiting_for_others",
]
