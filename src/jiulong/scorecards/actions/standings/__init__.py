"""Every write of the contest: schemes, standings, objections, adjustments, judges."""

from jiulong.scorecards.actions.standings.adjusting import (
    NotNowError,
    confirm_adjustment,
    file_adjustment,
    withdraw_adjustment,
)
from jiulong.scorecards.actions.standings.computing import compute_standing, recompute
from jiulong.scorecards.actions.standings.disputing import (
    Revision,
    answer_dispute,
    file_dispute,
    open_standing,
    withdraw_dispute,
)
from jiulong.scorecards.actions.standings.freezing import freeze_standing, publish_standing
from jiulong.scorecards.actions.standings.judging import (
    close_panel,
    declare_conflict,
    give_score,
    make_panel,
)
from jiulong.scorecards.actions.standings.material import add_material
from jiulong.scorecards.actions.standings.schemes import (
    adopt_scheme,
    draft_scheme,
    drop_scheme,
    edit_scheme,
)

__all__ = [
    "NotNowError",
    "Revision",
    "add_material",
    "adopt_scheme",
    "answer_dispute",
    "close_panel",
    "compute_standing",
    "confirm_adjustment",
    "declare_conflict",
    "draft_scheme",
    "drop_scheme",
    "edit_scheme",
    "file_adjustment",
    "file_dispute",
    "freeze_standing",
    "give_score",
    "make_panel",
    "open_standing",
    "publish_standing",
    "recompute",
    "withdraw_adjustment",
    "withdraw_dispute",
]
