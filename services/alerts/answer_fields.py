"""Fields of what callers get back of alerts; the API description shows them.

Nothing is loaded with them: tests hold real answers against them.
"""

from typing import Any

from marshmallow import fields, validate

from shared.fields import Form


def text(meaning: str, **options: Any) -> fields.String:
    """Return a field for a text."""
    return fields.String(required=True, metadata={"description": meaning}, **options)


def word(known: tuple[str, ...], meaning: str, **options: Any) -> fields.String:
    """Return a field for one of *known*."""
    if options.get("allow_none"):
        return text(meaning, **options)
    return text(meaning, validate=validate.OneOf(known), **options)


def identifier(meaning: str, **options: Any) -> fields.UUID:
    """Return a field for an id."""
    return fields.UUID(required=True, metadata={"description": meaning}, **options)


def truth(meaning: str) -> fields.Boolean:
    """Return a field that is true or false."""
    return fields.Boolean(required=True, metadata={"description": meaning})


def whole(meaning: str, **options: Any) -> fields.Integer:
    """Return a field for a whole number of 0 or more."""
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": meaning},
        **options,
    )


def share(meaning: str, **options: Any) -> fields.Float:
    """Return a field for a share in [0, 1]."""
    return fields.Float(
        required=True,
        validate=validate.Range(min=0, max=1),
        metadata={"description": meaning},
        **options,
    )


def moment(meaning: str, **options: Any) -> fields.AwareDateTime:
    """Return a field for a time."""
    return fields.AwareDateTime(required=True, metadata={"description": meaning}, **options)


def many(inner: Any, meaning: str, **options: Any) -> fields.List:
    """Return a field for a list that is always there."""
    return fields.List(inner, required=True, metadata={"description": meaning}, **options)


def thing(meaning: str, of: type[Form] | None = None, **options: Any) -> fields.Field:
    """Return a field for an object."""
    about = {"description": meaning}
    if of is None:
        return fields.Dict(required=True, metadata=about, **options)
    return fields.Nested(of, required=True, metadata=about, **options)


def succeeded() -> fields.Boolean:
    """Return the field `success` of an answer that is no refusal."""
    return fields.Boolean(required=True, validate=validate.Equal(True))


def following() -> fields.UUID:
    """Return the field `next_after` of a page."""
    return identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )
