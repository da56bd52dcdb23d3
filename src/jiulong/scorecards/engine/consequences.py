"""What follows from a standing, as a scheme says it. The engine only reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from jiulong.scorecards.engine.classes import ClassName
from jiulong.scorecards.engine.names import Key, Name, Part

Matter = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([-_.][a-z0-9]+)*$", max_length=120)
]


class Visible(Part):
    """Who reads figures of enterprises in full, besides those concerned; others read rank, class.

    What is known of one firm is not for every office that sees ranks: the Statistics Law keeps
    what identifies a single respondent from others (2009, art. 25). Who is concerned: the firm, the
    unit in charge of it and the units above that, whoever sees standings everywhere.
    """

    units: tuple[str, ...] = Field(default=(), description="codes of further units that read them")
    opens: Literal["never", "frozen", "published"] = Field(
        default="never", description="from when on whoever sees standings reads everything"
    )


class Consequence(Part):
    """Who is touched, and what is done."""

    when: Literal["first", "last", "last_twice", "class", "veto"] = Field(
        description="place in the group · last in two standings running · class · struck"
    )
    does: Literal["case", "interview", "commend"] = Field(
        description="a rectification case · an interview · the commendation list"
    )
    places: int = Field(default=1, ge=1, le=100, description="so many from the first or last place")
    class_: ClassName | None = Field(default=None, alias="class", description="with when: class")
    contest: Key | None = Field(
        default=None, description="by the points of this contest alone; with first and last"
    )
    matter: Matter | None = Field(default=None, description="matter of the case that is opened")
    days: int | None = Field(default=None, ge=1, le=366, description="working days until it is due")
    groups: tuple[Key, ...] = Field(default=(), description="only in these groups; none: in all")
    title: Name | None = Field(default=None, description="what the case is called")
