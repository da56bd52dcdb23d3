"""JSON and XML of GeoReport v2: the same data, a list of records under a root."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from django.http import HttpResponse

Record = Mapping[str, Any]
TYPES: Final = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
#: What XML 1.0 cannot hold.
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Elements of lists inside of records.
ITEMS: Final = {
    "attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip


def respond(
    form: str, root: str, item: str, data: Sequence[Record] | Record, status: int = 200
) -> HttpResponse:
    """The data in the format: many records are `<root><item>…`, one record is `<root>…`."""
    if form == "json":
        content = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    else:
        top = ET.Element(root)
        if isinstance(data, Mapping):
            _fill(top, data)
        else:
            for record in data:
                _fill(ET.SubElement(top, item), record)
        content = b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(top, encoding="utf-8")
    response = HttpResponse(content, content_type=TYPES[form], status=status)
    # Public data: pages of other sites may read it.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def problem(form: str, status: int, descriptions: Sequence[str]) -> HttpResponse:
    """One or more errors, as the standard wants them."""
    listed = [{"code": status, "description": text} for text in descriptions]
    return respond(form, "errors", "error", listed, status=status)


def _fill(element: ET.Element, record: Record) -> None:
    for name, value in record.items():
        child = ET.SubElement(element, name)
        if isinstance(value, Mapping):
            _fill(child, value)
        elif isinstance(value, list):
            for each in value:
                inner = ET.SubElement(child, ITEMS[name])
                if isinstance(each, Mapping):
                    _fill(inner, each)
                else:
                    inner.text = _text(each)
        else:
            child.text = _text(value)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return NOT_XML.sub("", str(value))
