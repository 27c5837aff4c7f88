"""What callers may send of suppression lists."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.suppression.identity import EMAIL, HASH, HASHED, PHONE
from services.suppression.roll import KINDS, MOST_ENTRIES, MOST_LISTS, OUTCOMES
from shared.fields import Form
from shared.normalize import address
from shared.suppression import DIGITS
from shared.web.auth import LONGEST_USER_ID

LONGEST_NAME = 200

LONGEST_VALUE = 500
"""Characters of an address or a number; an address may have a name around it."""

LONGEST_SOURCE, MOST_SOURCES = 255, 100

MOST_DAYS = 36_500
"""A hundred years."""

PAGE, LONGEST_PAGE = 100, 200
"""Lists in one answer: unless the caller asks for another number, and at most."""


class OneLine(fields.String):
    """Text without control characters."""

    def __init__(self, meaning: str, longest: int, **options: Any):
        super().__init__(
            validate=validate.Length(
                min=1, max=longest, error=f"must have 1 to {longest} characters"
            ),
            metadata={"description": meaning},
            **options,
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, *context, **options)
        if not text.isprintable():
            raise ValidationError("must be one line without control characters")
        return text


def _word(known: tuple[str, ...], meaning: str, **options: Any) -> fields.String:
    return fields.String(
        validate=validate.OneOf(known, error=f"must be one of {', '.join(known)}"),
        metadata={"description": meaning},
        **options,
    )


class OfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class ListChanged(OfAccount):
    """What is changed of a list; what is absent stays as it is."""

    name = OneLine("What answers call it. Name nobody in it.", LONGEST_NAME)
    kind = _word(KINDS, "Why it is kept.")
    on_hit = _word(
        OUTCOMES,
        "What becomes of a lead that it names: `reject` turns it away, `flag` has somebody look at "
        "it. Of a new list absent: `reject` for `do_not_contact` and `litigator`, else `flag`.",
    )
    sources = fields.List(
        OneLine("A `source_id`.", LONGEST_SOURCE),
        validate=validate.Length(max=MOST_SOURCES),
        metadata={"description": "The sources whose leads it is asked about; none: all."},
    )
    expires_after_days = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(
            min=1, max=MOST_DAYS, error=f"must be from 1 to {MOST_DAYS} days, or null"
        ),
        metadata={
            "description": "How long an entry counts that is added from now on; null: for ever. "
            "Added again, it counts so long again.",
        },
    )


class NewList(ListChanged):
    """A new list."""

    name = OneLine("What answers call it. Name nobody in it.", LONGEST_NAME, required=True)
    kind = _word(KINDS, "Why it is kept.", required=True)


class ListPlace(Form):
    """Which list."""

    list_id = fields.UUID(required=True, metadata={"description": "The list's `id`."})


class ListPage(Form):
    """Which part of the lists."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


def _value(meaning: str) -> fields.String:
    return fields.String(
        allow_none=True,
        validate=validate.Length(
            max=LONGEST_VALUE, error=f"must have at most {LONGEST_VALUE} characters"
        ),
        metadata={"description": meaning},
    )


Said = Form.from_dict(
    {
        EMAIL: _value("An address in clear."),
        PHONE: _value("A number in clear, in any form."),
        HASH: _value("MD5, SHA-1 or SHA-256 of either, in hex."),
        **{
            name: _value(
                f"{name.rpartition('_')[2].upper()} in hex of the {name.partition('_')[0]}."
            )
            for name in HASHED
        },
    },
    name="Said",
)
"""An address, a number or hashes of them."""


class Person(Said):  # type: ignore[valid-type,misc] # made of the list of fields
    """What is known of one person: at least one field."""


class Entries(OfAccount):
    """People who come on a list, or off it."""

    entries = fields.List(
        fields.Nested(Person),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_ENTRIES, error=f"must list 1 to {MOST_ENTRIES} entries"
        ),
        metadata={
            "description": "One for each person.",
            "examples": [[{"email": "ann@corp.example", "phone": "(212) 555-0142"}]],
        },
    )


class Question(Person, OfAccount):
    """Is this person on a list?"""

    lists = fields.List(
        fields.UUID(),
        allow_none=True,
        validate=validate.Length(min=1, max=MOST_LISTS),
        metadata={"description": "Only these lists; absent, all."},
    )
    source_id = OneLine(
        "Only lists that are asked about leads of this source; absent, all.",
        LONGEST_SOURCE,
        allow_none=True,
    )


class UniqueQuestion(Person, OfAccount):
    """Is this person new to the list?"""

    list_id = fields.UUID(
        required=True,
        metadata={
            "description": "The list.",
            "examples": ["01890000-0000-7000-8000-000000000000"],
        },
    )


class _Country(validate.Regexp):
    """A country's code: under one that is none no national number would ever be found."""

    def __init__(self) -> None:
        super().__init__(r"^[A-Za-z]{2}\Z", error="must be two letters: ISO 3166-1")

    def __call__(self, value: Any) -> Any:
        if address.country_code(super().__call__(value)) is None:
            raise ValidationError(self.error)
        return value


class ImportQuery(Form):
    """How a file is read."""

    skip_faulty = fields.Boolean(
        load_default=False,
        metadata={
            "description": "`true`: faulty rows are left out and reported; else one of them "
            "refuses the whole file."
        },
    )
    country = fields.String(
        validate=_Country(),
        metadata={"description": "Reads national numbers; absent, the installation's country."},
    )
    hash = _word(
        tuple(DIGITS.values()),
        "What the file's hashes are; absent, what a column's name or its first hash says.",
    )
