"""Services: the matters that packs open to residents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from jiulong.cases import specs
from jiulong.cases.models import MatterType
from jiulong.cases.schema import MatterSpec, Public
from jiulong.registers.fields import ChoiceField, Field, TextField

#: Our kinds of fields → datatypes of the standard. Others cannot be asked of residents.
DATATYPES: Final = {
    "text": "string", "person": "string", "number": "number", "money": "number",
    "date": "datetime", "boolean": "singlevaluelist", "choice": "singlevaluelist",
}  # fmt: skip
NOT_ASKED: Final = frozenset({"file", "computed"})


@dataclass(frozen=True, slots=True)
class Service:
    """A matter as a service."""

    matter: MatterType
    spec: MatterSpec
    public: Public

    @property
    def code(self) -> str:
        return self.matter.code

    @property
    def fields(self) -> list[Field]:
        """The fields that residents fill in, in order."""
        return [field for field in self.spec.fields if field.type in DATATYPES]

    @property
    def reportable(self) -> bool:
        """Whether the pack lets residents report it, and its form asks nothing they cannot say."""
        hard = any(
            field.required and field.type not in DATATYPES and field.type not in NOT_ASKED
            for field in self.spec.fields
        )
        linked = "required" in {self.spec.entry, self.spec.enterprise}
        return self.public.report and not hard and not linked


def services() -> list[Service]:
    """What may be reported, in the order of the packs. One query; public, so for everybody."""
    rows = MatterType.objects.filter(retired_at=None).exclude(spec__public=None)
    rows = rows.filter(spec__has_key="public")
    found = ((row, specs.matter(row)) for row in rows)
    all_ = [Service(row, spec, spec.public) for row, spec in found if spec.public is not None]
    return [service for service in all_ if service.reportable]


def service(code: str) -> Service:
    """The service with this code.

    Raises:
        LookupError: there is none.
    """
    found = next((each for each in services() if each.code == code), None)
    if found is None:
        raise LookupError(code)
    return found


def record(service: Service) -> dict[str, Any]:
    """A service as the list has it."""
    public = service.public
    return {
        "service_code": service.code,
        "service_name": str(public.service),
        "description": str(service.spec.about) if service.spec.about else None,
        "metadata": bool(service.fields),
        "type": "realtime",
        "keywords": ", ".join(public.keywords) or None,
        "group": str(public.group) if public.group else None,
    }


def definition(service: Service) -> dict[str, Any]:
    """A service's form."""
    attributes = [_attribute(field, n) for n, field in enumerate(service.fields, 1)]
    return {"service_code": service.code, "attributes": attributes}


def _attribute(field: Field, order: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": True,
        "code": field.key,
        "datatype": _datatype(field),
        "required": field.required,
        "datatype_description": str(field.hint) if field.hint else _unit(field),
        "order": order,
        "description": str(field.label),
    }
    if told["datatype"].endswith("valuelist"):
        told["values"] = _values(field)
    return told


def _datatype(field: Field) -> str:
    if isinstance(field, ChoiceField) and field.several:
        return "multivaluelist"
    if isinstance(field, TextField) and field.lines > 1:
        return "text"
    return DATATYPES[field.type]


def _values(field: Field) -> list[dict[str, str]]:
    if isinstance(field, ChoiceField):
        return [{"key": option.key, "name": str(option.label)} for option in field.choices]
    return [{"key": "yes", "name": _("yes")}, {"key": "no", "name": _("no")}]


def _unit(field: Field) -> str | None:
    return getattr(field, "unit", "") or None
