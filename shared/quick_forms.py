"""Reading a plain form quickly: what marshmallow makes of it, in a quarter of the time.

Marshmallow checks each field in many small steps, and a lead has twenty. A reader is derived from
a `Form`: its fields, their lengths and defaults, its own hooks. What is plainly right (texts that
are short enough, objects where objects belong) it takes as it is; every other value it gives to
the field itself. Where that complains, or anything is not as expected, it leaves the whole form to
marshmallow, which alone says what is wrong. Hooks must therefore not change what they are given.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from marshmallow import EXCLUDE, Schema, fields, missing, validate
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA

from shared.fields import Form, Name

Reader = Callable[[Any], Any]
"""Returns what a schema loads from its argument. Raises NotPlain or ValidationError."""

OPTIONS = {"many": False, "partial": None, "unknown": EXCLUDE}
"""What marshmallow tells the hooks of a form."""


class NotPlain(Exception):
    """Marshmallow must look at this form."""


class _Step(NamedTuple):
    """How one field is read."""

    key: str
    """Its name in what was sent."""
    name: str
    """Its name in what is loaded."""
    longest: int
    """Characters of a text that is taken as it is, or null; -1 where `take` decides."""
    stripped: bool
    """Whether that text is taken without the blanks around it."""
    absent: Any
    """What is loaded where nothing was sent: `missing` for nothing, ASKED for what `take` says."""
    take: Callable[[Any, str, Any], Any]
    """Returns what is loaded of a value, `missing` if nothing is."""


ASKED = object()
"""In place of what is loaded of an absent field: marshmallow must be asked."""


def reader(schema: Schema) -> Reader | None:
    """Return what reads forms quickly as *schema* loads them; None if there is no such thing."""
    # Whoever makes one that differs from its class has their reasons.
    changed = schema.only is not None or schema.exclude or schema.many or schema.dump_only
    if changed or schema.partial is not None or schema.unknown != EXCLUDE:
        return None
    return _reader(type(schema)) if isinstance(schema, Form) else None


@cache  # there are as many as classes of forms
def _reader(kind: type[Form]) -> Reader | None:
    form = kind()
    hooks = form._hooks
    for_all = any(many for tag in (PRE_LOAD, POST_LOAD) for _, many, _ in hooks[tag])
    originals = any(o.get("pass_original") for tag in (PRE_LOAD, POST_LOAD) for *_, o in hooks[tag])
    if for_all or originals or hooks[VALIDATES] or hooks[VALIDATES_SCHEMA]:
        return None
    before = [getattr(form, name) for name, *_ in hooks[PRE_LOAD]]
    after = [getattr(form, name) for name, *_ in hooks[POST_LOAD]]
    steps = [_step(name, field) for name, field in form.load_fields.items()]
    if any("." in step.name for step in steps):  # to marshmallow a path
        return None

    def read(data: Any) -> Any:
        for hook in before:
            data = hook(data, **OPTIONS)
        loaded: Any = _loaded(steps, data)
        for hook in after:
            loaded = hook(loaded, **OPTIONS)
        return loaded

    return read


def _loaded(steps: list[_Step], data: Any) -> dict[str, Any]:
    if type(data) is not dict:
        raise NotPlain
    loaded = {}
    for key, name, longest, stripped, absent, take in steps:
        value = data.get(key, missing)
        if value is missing and absent is not ASKED:
            value = absent
        elif longest < 0:
            value = take(value, key, data)
        elif type(value) is not str:
            if value is not None:
                raise NotPlain
        elif len(value) > longest:
            raise NotPlain
        elif stripped:
            value = value.strip()
        if value is not missing:
            loaded[name] = value
    return loaded


def _step(name: str, field: fields.Field) -> _Step:
    key = name if field.data_key is None else field.data_key
    take = _nested(field) or field.deserialize
    return _Step(
        key, field.attribute or name, _longest(field), type(field) is Name, _absent(field), take
    )


def _absent(field: fields.Field) -> Any:
    """Return what is loaded where nothing was sent for *field*; ASKED if that may differ."""
    if field.required or callable(field.load_default):
        return ASKED
    return field.deserialize(missing)


def _longest(field: fields.Field) -> int:
    """Return the characters that *field*, an optional text, may have; -1 if it is no such field."""
    asked = field.validators
    text = _as_marshmallows(field, fields.String) or type(field) is Name
    if not (text and len(asked) == 1 and field.allow_none):
        return -1
    optional = not field.required and field.load_default is missing
    match asked[0]:
        case validate.Length(min=None, equal=None, max=int(longest)) if optional:
            return longest
    return -1


def _nested(field: fields.Field) -> Callable[[Any, str, Any], Any] | None:
    """Return what takes a form inside a form; None if *field* must do it itself."""
    own = _as_marshmallows(field, fields.Nested) and not field.validators
    if not (own and isinstance(field, fields.Nested)) or field.many or field.unknown is not None:
        return None

    def take(value: Any, key: str, data: Any) -> Any:
        # Found here and not before: a form may hold forms of its own kind.
        read = None if value is missing or value is None else reader(field.schema)
        return read(value) if read else field.deserialize(value, key, data)

    return take


def _as_marshmallows(field: fields.Field, kind: type[fields.Field]) -> bool:
    """True if *field* reads values as marshmallow's own *kind* does, and no other way."""
    own = all(
        getattr(type(field), method) is getattr(kind, method)
        for method in ("deserialize", "_deserialize", "_validate", "_validate_missing")
    )
    return own and isinstance(field, kind) and not field.pre_load and not field.post_load
