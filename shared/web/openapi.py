"""The API description: OpenAPI 3.1, put together from the operations and their schemas.

https://spec.openapis.org/oas/v3.1.0. Its schemas are JSON Schema 2020-12, made of the
marshmallow schemas that also read the requests, so the two cannot drift apart.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin, OpenAPIConverter
from marshmallow import Schema
from marshmallow.fields import Field

from shared.answers import ErrorAnswer
from shared.fields import Either, Milliseconds, Moment
from shared.web.errors import STATUS
from shared.web.operation import JSON, Operation

VERSION = "0.1.0"
"""The version of the interface; a test holds it equal to the project's."""

SECURITY_SCHEMES: Mapping[str, dict[str, str]] = {
    "ApiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A tenant's key: `leadfly keys create --tenant T --scopes write:leads`.",
    },
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The same key as `Authorization: Bearer …`.",
    },
    "PublishableKey": {
        "type": "apiKey",
        "in": "query",
        "name": "key",
        "description": "The key of a web page, which anybody may read there: it submits single "
        "leads of its source, from pages of its origins, and is answered no verdict. `leadfly keys "
        "create --publishable --tenant T --source S --origins https://www.example.com`. It may "
        "also stand where other keys do; a secret key in an address is refused.",
    },
    "Signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "A signature by Standard Webhooks, at most 300 seconds old, with "
        "`webhook-id` and `webhook-timestamp`, and the signing key's prefix as `signed_by` in the "
        "address or as the header `webhook-key`. `webhook-id` takes the place of the "
        "`Idempotency-Key`. `leadfly keys create --signing --tenant T --scopes write:leads`.",
    },
}
"""Any one of them opens a route that names it; a request with a key and a signature needs both."""

REQUEST_HEADERS: Mapping[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "description": "Your own name for this request, up to 255 printable characters. A retry "
        "under it gets the first answer again for 48 hours and changes nothing; another request "
        "under it is a 422.",
        "schema": {"type": "string", "maxLength": 255},
    },
    "X-Request-ID": {
        "description": "Your own id for this call: letters, digits, `.`, `_` and `-`, up to 128. "
        "It comes back and stands in our logs; anything else is replaced by an id of ours.",
        "schema": {"type": "string"},
    },
}

ANSWER_HEADERS: Mapping[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "The id of this call.",
        "schema": {"type": "string"},
        "required": True,
    },
    "Idempotent-Replayed": {
        "description": "`true` where an earlier answer is repeated.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "X-Export-ID": {
        "description": "The id under which this file was written down.",
        "schema": {"type": "string", "format": "uuid"},
        "required": True,
    },
    "Retry-After": {
        "description": "Seconds to wait before the next attempt.",
        "schema": {"type": "integer", "minimum": 0},
        "required": True,
    },
    "WWW-Authenticate": {
        "description": "`Bearer`.",
        "schema": {"type": "string"},
        "required": True,
    },
}

REFUSAL_HEADERS = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}


def description(service: str, operations: Iterable[Operation], keys_needed: bool) -> dict[str, Any]:
    """Return the OpenAPI document of *service* as plain data.

    *keys_needed* says whether callers must send an API key.
    """
    marshmallow = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title="LeadFly" if service == "leadfly" else f"LeadFly {service}",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[marshmallow],
        info={"description": _INTRODUCTION, "license": {"name": "MIT", "identifier": "MIT"}},
    )
    converter = cast(OpenAPIConverter, marshmallow.converter)
    converter.add_attribute_function(_alternatives)
    # What these take beyond their format they say themselves.
    converter.map_to_openapi_type(Moment, "string", None)
    converter.map_to_openapi_type(Milliseconds, ["number", "string"], None)
    _describe_headers(spec, keys_needed)
    for operation in operations:
        spec.path(
            path=openapi_path(operation.path),
            operations={operation.method.lower(): _operation(operation, keys_needed)},
        )
    document = spec.to_dict()
    for key, name in converter.refs.items():
        document["components"]["schemas"][name] |= _said_by(key[0])
    return document


def openapi_path(rule: str) -> str:
    """Return Flask's *rule* as OpenAPI writes it: `/leads/<uuid:id>` is `/leads/{id}`."""
    return re.sub(r"<(?:[^<>:]+:)?([^<>]+)>", r"{\1}", rule)


def _operation(operation: Operation, keys_needed: bool) -> dict[str, Any]:
    responses = {str(operation.status): _answer(operation, keys_needed)}
    for status, shape in operation.other_answers.items():
        responses[str(status)] = _content(operation.summary, JSON, shape, ("X-Request-ID",))
    refusals = {*operation.refusals, *((401,) if operation.scope and keys_needed else ())}
    for status in sorted(refusals - operation.other_answers.keys()):
        responses[str(status)] = _refusal(status)
    described: dict[str, Any] = {
        "operationId": _operation_id(operation),
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*operation.parameters, *_in_the_address(operation)],
        "responses": responses,
        "security": _security(operation) if keys_needed else [],
    }
    if operation.body:
        described["requestBody"] = {
            "required": operation.body_wanted,
            "content": _requests(operation),
        }
    return described


def _operation_id(operation: Operation) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", operation.path.lower()).strip("_")
    return f"{operation.method.lower()}_{words}"


def _in_the_address(operation: Operation) -> list[dict[str, Any]]:
    """Return where in the address a schema's fields stand; apispec makes each a parameter."""
    schemas = {"path": operation.places, "query": operation.query}
    return [{"in": place, "schema": schema} for place, schema in schemas.items() if schema]


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """Return what opens *operation*; none but a server's key where nothing else is said."""
    if operation.scope is None:
        return []
    opening = {"ApiKey": [operation.scope], "Bearer": [operation.scope]}
    if operation.for_lead_forms:
        opening["PublishableKey"] = []
    if operation.signed:
        opening["Signature"] = [operation.scope]
    return [{name: scopes} for name, scopes in opening.items()]


def _requests(operation: Operation) -> dict[str, Any]:
    return {
        media_type: {
            "schema": {"anyOf": [*shapes]} if len(shapes) > 1 else shapes[0],
            "examples": {
                example.name: {"summary": example.summary, "value": example.body}
                for example in operation.examples
                if example.media_type == media_type
            },
        }
        for media_type, shapes in operation.body.items()
    }


def _answer(operation: Operation, keys_needed: bool) -> dict[str, Any]:
    headers = ("X-Request-ID", *operation.answer_headers)
    shape: Any = operation.answer
    if operation.page_answer and keys_needed:
        shape = {"anyOf": [operation.answer, operation.page_answer]}
    return _content(operation.summary, operation.answers_as, shape, headers)


def _refusal(status: int) -> dict[str, Any]:
    words = next((kind.__doc__ for kind, code in STATUS.items() if code == status), None)
    text = (words or HTTPStatus(status).phrase).strip().splitlines()[0]
    extra = (REFUSAL_HEADERS[status],) if status in REFUSAL_HEADERS else ()
    return _content(text, JSON, ErrorAnswer, ("X-Request-ID", *extra))


def _content(text: str, media_type: str, shape: Any, headers: Sequence[str]) -> dict[str, Any]:
    return {
        "description": text,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {media_type: {"schema": shape}},
    }


def _describe_headers(spec: APISpec, keys_needed: bool) -> None:
    for name, header in REQUEST_HEADERS.items():
        spec.components.parameter(name, "header", {"name": name, "required": False, **header})
    for name, header in ANSWER_HEADERS.items():
        spec.components.header(name, dict(header))
    if keys_needed:
        for name, scheme in SECURITY_SCHEMES.items():
            spec.components.security_scheme(name, dict(scheme))


def _alternatives(converter: Any, field: Field, **_: Any) -> dict[str, Any]:
    """Describe an `Either`; apispec calls this for every field, with itself as *converter*."""
    if not isinstance(field, Either):
        return {}
    return {"anyOf": [converter.resolve_nested_schema(shape) for shape in field.shapes]}


def _said_by(schema: type[Schema]) -> dict[str, Any]:
    """Return what *schema* says about itself: its docstring, and JSON Schema beyond its fields."""
    said: dict[str, Any] = dict(getattr(schema, "json_schema", {}))
    said["description"] = (schema.__doc__ or "").strip().splitlines()[0]
    return said


def _name(schema: Any) -> str:
    """Return the component name of *schema*, apart from its namesakes in other services."""
    kind = schema if isinstance(schema, type) else type(schema)
    package, _, rest = kind.__module__.partition(".")
    return f"{rest.partition('.')[0]}.{kind.__name__}" if package == "services" else kind.__name__


_INTRODUCTION = (
    "Every answer is a JSON object. A refusal is `{success: false, error: {code, message, "
    "details}, request_id, timestamp}`; `details` names fields by their path and never repeats "
    "what was sent. A 4xx will fail again as it is; a 429 or 503 may be sent again after "
    "`Retry-After`. A duplicate is a 200: it is an answer, not an error."
)
