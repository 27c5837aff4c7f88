"""The API description as a page: no script, nothing from elsewhere, readable on a phone.

Its operations stand in groups by tag, closed until somebody opens one. The filter is a form that
asks for the page again, and a link that leads to an operation opens what holds it.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shared.web.operation import FORM, JSON

DATA = Path(__file__).parent / "data"

STYLE = (DATA / "docs.css").read_text(encoding="utf-8")

STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()

SECURITY_POLICY = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'self'; "
    f"frame-ancestors 'none'; style-src 'sha256-{STYLE_HASH}'"
)
"""This one style sheet, its own filter, and nothing else (CSP 3, section 6.7.3.3)."""

DEEPEST = 6
"""Levels of fields that are shown; a schema that holds itself would go on for ever."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field, by its path: `lead_data.email`, `checks_performed[].type`."""

    path: str
    kind: str
    required: bool
    meaning: str
    limits: tuple[str, ...]


class Docs:
    """An OpenAPI document as it is shown, read once: that takes longer than to filter it."""

    def __init__(self, document: Mapping[str, Any]):
        """Read *document*, which does not change any more."""
        self._document = document
        self._operations = operations(document)
        self._searched = [_searched(one) for one in self._operations]
        self._whole: str | None = None

    def page(self, words: str = "") -> str:
        """Return the page that shows of the operations those with all *words*.

        A word may stand in method, path, group, summary, description and in the name of a field.
        """
        if words.strip():
            return self._shown(words)
        self._whole = self._whole or self._shown("")
        return self._whole

    def _shown(self, words: str) -> str:
        wanted = words.casefold().split()
        some = [
            one
            for one, text in zip(self._operations, self._searched, strict=True)
            if all(word in text for word in wanted)
        ]
        return _TEMPLATE.render(
            document=self._document,
            style=Markup(STYLE),
            words=" ".join(words.split()),
            groups=_groups(some),
            found=len(some),
            total=len(self._operations),
        )


def page(document: Mapping[str, Any], words: str = "") -> str:
    """Return the page that shows the OpenAPI *document*, as Docs does."""
    return Docs(document).page(words)


def _groups(operations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return *operations* by their tags, in the order in which each first comes."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for operation in operations:
        groups.setdefault(operation["about"]["tags"][0], []).append(operation)
    return [
        {"name": name, "id": "group_" + re.sub(r"\W+", "_", name.lower()), "operations": held}
        for name, held in groups.items()
    ]


def _searched(operation: Mapping[str, Any]) -> str:
    """Return all of *operation* in which words are looked for."""
    about = operation["about"]
    said = [operation["method"], operation["path"], about["summary"], about["description"]]
    said += about["tags"] + [parameter["name"] for parameter in operation["address"]]
    for shape in (*operation["bodies"], *operation["answers"]):
        said += [row.path for row in shape["rows"]]
    return "\n".join(said).casefold()


def operations(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the page shows of each operation, in the document's order."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "id": operation["operationId"],
            "about": operation,
            "scopes": sorted({scope for need in operation["security"] for scope in _only(need)}),
            "address": _parameters(document, operation, ("path", "query")),
            "headers": _parameters(document, operation, ("header",)),
            "bodies": list(_bodies(document, operation)),
            "examples": list(_examples(path, operation)),
            "answers": list(_answers(document, operation)),
            "refusals": {
                status: response["description"]
                for status, response in operation["responses"].items()
                if status >= "400"
            },
        }
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def rows(
    document: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "", depth: int = 0
) -> Iterator[Row]:
    """Yield the fields of *schema*, each before the fields inside it."""
    schema = resolved(document, schema)
    for name, field in schema.get("properties", {}).items():
        inner = _inside(document, field)
        path = f"{prefix}{name}{'[]' if 'items' in resolved(document, field) else ''}"
        yield Row(
            path,
            _kind(document, field),
            name in schema.get("required", ()),
            field.get("description") or inner.get("description", ""),
            tuple(_limits(resolved(document, field))),
        )
        if depth < DEEPEST:
            yield from rows(document, inner, f"{path}.", depth + 1)


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what *schema* refers to, or itself; of a nullable one, what it is when not null."""
    if "$ref" in schema:
        _, section, kind, name = schema["$ref"].split("/")
        return document[section][kind][name]
    alternatives = _alternatives(schema)
    return resolved(document, alternatives[0]) if len(alternatives) == 1 else schema


def _inside(document: Mapping[str, Any], field: Mapping[str, Any]) -> Mapping[str, Any]:
    field = resolved(document, field)
    return resolved(document, field["items"]) if "items" in field else field


def _alternatives(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the shapes that *schema* may have, null aside."""
    return [one for one in schema.get("anyOf", ()) if "$ref" in one]


def _kind(document: Mapping[str, Any], field: Mapping[str, Any]) -> str:
    shapes = _alternatives(field)
    if len(shapes) > 1:
        return " or ".join(shape["$ref"].rpartition(".")[2] for shape in shapes)
    nullable = " or null" if {"type": "null"} in field.get("anyOf", ()) else ""
    field = resolved(document, field)
    if "items" in field:
        return f"array of {_kind(document, field['items'])}{nullable}"
    kinds = field.get("type", "any")
    return (kinds if isinstance(kinds, str) else " or ".join(kinds)) + nullable


def _limits(field: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in field:
        several = "one of " if len(field["enum"]) > 1 else "always "
        # Beside true and null a text needs its quotation marks, and an empty one always.
        plain = all(isinstance(value, str) and value for value in field["enum"])
        written = _literal if plain else _json
        yield several + ", ".join(f"`{written(value)}`" for value in field["enum"])
    if "minimum" in field:
        upper = f" to {field['maximum']:,.10g}" if "maximum" in field else " or more"
        yield f"{field['minimum']:,.10g}{upper}"
    for most, unit in (("maxLength", "characters"), ("maxItems", "items")):
        if most in field:
            yield f"up to {field[most]:,} {unit}"
    if field.get("format"):
        yield field["format"]
    for example in field.get("examples", ())[:1]:
        yield f"such as `{_literal(example)}`"


def _parameters(
    document: Mapping[str, Any], operation: Mapping[str, Any], places: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Return the parameters of *operation* that stand in *places*."""
    stated = [resolved(document, parameter) for parameter in operation["parameters"]]
    return [parameter for parameter in stated if parameter["in"] in places]


def _bodies(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each shape of the request once, with the media types it travels as."""
    shapes: dict[bytes, list[str]] = {}
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        for shape in _alternatives(content["schema"]) or [content["schema"]]:
            shapes.setdefault(orjson.dumps(shape), []).append(media_type)
    for text, media_types in shapes.items():
        schema = resolved(document, orjson.loads(text))
        yield {
            "meaning": schema["description"],
            "media_types": media_types,
            "rows": list(rows(document, schema)),
        }


def _examples(path: str, operation: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        for example in content["examples"].values():
            body = example["value"]
            text = _WRITTEN[media_type](body)
            yield {"summary": example["summary"], "media_type": media_type, "text": text}


def _answers(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for status, response in operation["responses"].items():
        ((media_type, content),) = response["content"].items()
        if status < "300":
            for shape in _alternatives(content["schema"]) or [content["schema"]]:
                found = list(rows(document, shape))
                yield {"status": status, "media_type": media_type, "rows": found}


def _literal(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _only(need: Mapping[str, list[str]]) -> list[str]:
    """Return the scopes of *need*, which names one security scheme."""
    (scopes,) = need.values()
    return scopes


def _pretty(body: Any) -> str:
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()


def _marked(text: str) -> Markup:
    """Return *text* escaped, with what stands between backticks as code."""
    pieces = str(escape(text)).split("`")
    return Markup(
        "".join(f"<code>{piece}</code>" if odd % 2 else piece for odd, piece in enumerate(pieces))
    )


def _breakable(path: str) -> Markup:
    """Return *path* escaped, with places where a narrow page may break it."""
    return Markup(re.sub(r"([./])(?=.)", r"\1<wbr>", str(escape(path))))


_WRITTEN = {JSON: _pretty, FORM: lambda body: urlencode(body).replace("&", "\n&")}

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(DATA),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["marked"] = _marked
_ENVIRONMENT.filters["breakable"] = _breakable
_TEMPLATE = _ENVIRONMENT.get_template("docs.html")
