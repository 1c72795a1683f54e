"""The API, read back from its own description: lists, parameters, fields, in the reader's language."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from portal.api.views import api

USUAL = {"_zh": _("In Chinese."), "_en": _("In English; null where it is not translated.")}


@dataclass(frozen=True)
class Field:
    """One parameter or one field of a record: name, type in plain words, meaning."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class Endpoint:
    """One address: what it gives, what it understands, what a record holds."""

    path: str
    summary: str
    parameters: list[Field]
    fields: list[Field]

    @property
    def anchor(self) -> str:
        return self.path.removeprefix("/api/v1/").replace("/", "-").replace("{", "").replace("}", "")


def endpoints() -> list[Endpoint]:
    """Describe every endpoint, in the order of the code; no query."""
    schema = api.get_openapi_schema()
    shapes = schema["components"]["schemas"]
    return [_endpoint(path, methods["get"], shapes) for path, methods in schema["paths"].items()]


def _endpoint(path: str, operation: dict[str, Any], shapes: dict[str, Any]) -> Endpoint:
    answer = operation["responses"][200]["content"]["application/json"]["schema"]
    return Endpoint(
        path,
        _words(operation.get("summary", "")),
        [
            Field(one["name"], _kind(one["schema"], shapes), _words(_description(one)))
            for one in operation.get("parameters", [])
        ],
        _fields(_record(answer, shapes), shapes),
    )


def _record(schema: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of one record, whether the answer is a list of them or the record itself."""
    shape = shapes[_name(schema)]
    results = shape["properties"].get("results")
    return shapes[_name(results["items"])] if results else shape


def _fields(shape: dict[str, Any], shapes: dict[str, Any]) -> list[Field]:
    return [
        Field(name, _kind(one, shapes), _words(one.get("description") or _usual(name)))
        for name, one in shape["properties"].items()
    ]


def _usual(name: str) -> str:
    """Describe a field that is what its name says."""
    return next((words for ending, words in USUAL.items() if name.endswith(ending)), "")


def _kind(schema: dict[str, Any], shapes: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(one, shapes) for one in schema["anyOf"])
    if "$ref" in schema or "allOf" in schema:
        name = _name(schema)
        values = shapes[name].get("enum")
        return " | ".join(map(str, values)) if values else name
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'], shapes)}]"
    return str(schema.get("type", "any"))


def _name(schema: dict[str, Any]) -> str:
    reference = schema.get("$ref") or schema["allOf"][0]["$ref"]
    return str(reference.rsplit("/", 1)[-1])


def _description(parameter: dict[str, Any]) -> str:
    return str(parameter.get("description") or parameter["schema"].get("description") or "")


def _words(text: str) -> str:
    return gettext(text) if text else ""
