"""The REST API: the same reads as the pages, from the same queries."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import BaseRenderer

from jiulong.api import problems
from jiulong.api.problems import Problem
from jiulong.api.routes import (
    cases,
    evidence,
    gaps,
    gateway,
    monitoring,
    plant,
    registers,
    sampling,
    validity,
)
from jiulong.api.security import AUTHENTICATORS

DESCRIPTION = """\
What the pages show, for programs. Send `Authorization: Bearer <token>`; `jiulong token create`
makes one, and it reads what its owner may read. Errors are problem documents (RFC 9457).
"""


class Renderer(BaseRenderer):
    """orjson: it keeps the microseconds that Django's encoder cuts off, and digests rest on."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class Api(NinjaAPI):
    """Ninja's, which also tells the schema's readers what an error looks like."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        model = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= model.pop("$defs") | {"Problem": model}
        reference = {"$ref": "#/components/schemas/Problem"}
        problem = {
            "description": "What is wrong, and where",
            "content": {problems.MEDIA_TYPE: {"schema": reference}},
        }
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = problem
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`points`, not the path of a Python module: generated clients take it as a name."""
        name: str = operation.view_func.__name__
        return name


api = Api(
    title="Jiulong",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=AUTHENTICATORS,
    renderer=Renderer(),
)
problems.install(api)
for _module in (monitoring, gateway, gaps, plant, evidence, cases, registers, sampling, validity):
    api.add_router("", _module.router)


def addresses() -> tuple[list[URLPattern | URLResolver], str, str]:
    """The addresses for the site's urls.py.

    The API asks for credentials itself and answers 401, where Django's middleware would redirect
    a program to the login page. Schema and documentation hold no data and are open.
    """
    patterns, app, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback.login_required = False  # type: ignore[attr-defined]
    return patterns, app, namespace
