"""What a schema makes of a caller's data, and how its complaints read."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from shared.errors import Malformed
from shared.field_names import shown
from shared.quick_forms import NotPlain, reader

MOST_FAULTS = 50
"""Fields named in one refusal of a schema."""


def loaded(schema: Schema, data: Mapping[str, Any]) -> Any:
    """Return what *schema* makes of *data*.

    Raises Malformed with the faults by path: `{"lead_data.email": "must be text"}`.
    """
    if quickly := reader(schema):
        try:
            return quickly(data)
        except (NotPlain, ValidationError):
            pass  # marshmallow finds all that is wrong, and where
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Malformed(details=flattened(error.normalized_messages(), data)) from None


def flattened(messages: Any, data: Any) -> dict[str, str]:
    """Return marshmallow's nested *messages* on *data* as one text per path; the first MOST_FAULTS.

    A field that may not be named back is named by its position in *data*.
    """
    faults: dict[str, str] = {}
    for path, problem in _flat(messages, data, ""):
        earlier = faults.get(path)
        faults[path] = f"{earlier}; {problem}" if earlier else problem
        if len(faults) == MOST_FAULTS:
            break
    return faults


def _flat(messages: Any, data: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _flat(inner, _inside(data, name), _joined(path, name, data))
    elif isinstance(messages, (list, tuple)):
        for inner in messages:
            yield from _flat(inner, data, path)
    else:
        yield path or "body", _PROBLEMS.get(str(messages), str(messages))


def _inside(data: Any, name: object) -> Any:
    if isinstance(data, Mapping):
        return data.get(name, data)
    return data[name] if isinstance(data, list) and isinstance(name, int) else data


def _joined(path: str, name: object, data: Any) -> str:
    if name == "_schema":
        return path
    if isinstance(name, int):
        return f"{path}[{name}]"
    names = list(data) if isinstance(data, Mapping) else []
    position = names.index(name) + 1 if name in names else 1
    return f"{path}.{shown(str(name), position)}".removeprefix(".")


_PROBLEMS = {
    "Missing data for required field.": "is required",
    "Field may not be null.": "must not be null",
    "Unknown field.": "is not a known field",
    "Invalid input type.": "must be an object",
    "Not a valid string.": "must be text",
    "Not a valid utf-8 string.": "must be text",
    "Not a valid integer.": "must be a whole number",
    "Not a valid number.": "must be a number",
    "Not a valid boolean.": "must be true or false",
    "Not a valid list.": "must be a list",
    "Not a valid mapping type.": "must be an object",
    "Not a valid datetime.": "must be a date and time in ISO 8601",
    "Not a valid aware datetime.": "must be a date and time in ISO 8601 with its zone",
    "Not a valid date.": "must be a date in ISO 8601",
    "Not a valid UUID.": "must be a UUID",
    "Not a valid URL.": "must be a URL",
    "Not a valid email address.": "must be an email address",
}
"""Marshmallow's own sentences in the words of our answers."""
