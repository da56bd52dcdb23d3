"""Pages of the casework."""

from jiulong.cases.views.acting import act, task
from jiulong.cases.views.dossier import case_page, dossier, print_page
from jiulong.cases.views.filing import choose, nearby, new
from jiulong.cases.views.ledger import ledger, ledgers
from jiulong.cases.views.lists import CaseBoard, CaseList, CaseMap, map_data
from jiulong.cases.views.statistics import statistics
from jiulong.cases.views.supervision import remind, supervision
from jiulong.cases.views.todo import TodoList

__all__ = [
    "CaseBoard",
    "CaseList",
    "CaseMap",
    "TodoList",
    "act",
    "case_page",
    "choose",
    "dossier",
    "ledger",
    "ledgers",
    "map_data",
    "nearby",
    "new",
    "print_page",
    "remind",
    "statistics",
    "supervision",
    "task",
]
