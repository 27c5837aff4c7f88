"""What callers may ask of imports."""

import codecs
from typing import Any

from marshmallow import RAISE, ValidationError, fields, validate

from services.dedup.imports.job import OUTCOMES
from services.dedup.schema import LONGEST_SOURCE_ID
from shared.columns import TARGETS
from shared.fields import Form
from shared.normalize import address
from shared.web.auth import LONGEST_USER_ID

LONGEST_NAME = 255
"""Characters of a file's name, of a sheet's, and of a consent text's version."""

MOST_COLUMNS = 1000
"""Columns that one request says something about."""

PAGE, LONGEST_PAGE = 20, 100
"""Imports in one answer: unless the caller asks for another number, and at most."""

ROWS, MOST_ROWS = 50, 200
"""Rows in one answer: unless the caller asks for another number, and at most."""

MOST_COUNT = 10**11


class OneLine(fields.String):
    """Text without control characters."""

    def __init__(self, meaning: str, longest: int = LONGEST_NAME, **options: Any):
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


def _country(code: str) -> None:
    plain = len(code) == 2 and code.isascii() and code.isalpha()
    if not plain or address.country_code(code) is None:
        raise ValidationError("must be two letters: ISO 3166-1")


def _encoding(name: str) -> None:
    try:
        text = codecs.lookup(name)
    except (LookupError, ValueError):
        raise ValidationError("must be an encoding: utf-8, utf-16, cp1252 …") from None
    if not getattr(text, "_is_text_encoding", True):
        raise ValidationError("must be an encoding of text")


class Reading(Form):
    """How a file is read and what it may do."""

    source_id = OneLine("The source that its leads are of.", LONGEST_SOURCE_ID)
    country = fields.String(
        validate=_country,
        metadata={
            "description": "Reads national telephone numbers of rows that name no country; absent, "
            "the installation's."
        },
    )
    sheet = OneLine("The sheet of a workbook; absent or null, its first.", allow_none=True)
    encoding = fields.String(
        allow_none=True,
        validate=[validate.Length(min=1, max=40), _encoding],
        metadata={
            "description": "Of a CSV file, as `cp1252`; absent or null, its beginning tells."
        },
    )
    consent_version = OneLine(
        "The consent text that everybody in the file agreed to, if so.", allow_none=True
    )
    investigation_id = fields.UUID(
        allow_none=True, metadata={"description": "The investigation that its leads join."}
    )
    tell = fields.Boolean(
        metadata={
            "description": "`true`: webhooks and alerts hear of its new leads. Absent: they do not."
        }
    )


class FileImportQuery(Reading):
    """A file that is sent."""

    name = OneLine("What the file is called, for you to know it by; kept sealed.")


class FileImportChange(Reading):
    """What is to be otherwise; what is absent stays."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    columns = fields.Dict(
        keys=fields.String(),
        values=fields.String(
            validate=validate.OneOf(("", *TARGETS), error=f"must be one of {', '.join(TARGETS)}")
        ),
        validate=validate.Length(max=MOST_COLUMNS, error=f"must name at most {MOST_COLUMNS}"),
        metadata={
            "description": "By a column's name the field that it holds; an empty one leaves the "
            "column unread. Columns that are not named here stay as they are.",
            "examples": [{"Contact": "email"}],
        },
    )


class FileImportPlace(Form):
    """Which import."""

    import_id = fields.UUID(required=True, metadata={"description": "The import's `id`."})


class FileImportPage(Form):
    """Which imports."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


def _outcome(meaning: str, **options: Any) -> fields.String:
    return fields.String(
        validate=validate.OneOf(OUTCOMES, error=f"must be one of {', '.join(OUTCOMES)}"),
        metadata={"description": meaning},
        **options,
    )


class FileImportRowsPage(Form):
    """Which rows of an import."""

    outcome = _outcome("Only rows of this outcome; absent, all.", load_default=None)
    limit = fields.Integer(
        load_default=ROWS,
        validate=validate.Range(min=1, max=MOST_ROWS, error=f"must be from 1 to {MOST_ROWS}"),
        metadata={"description": "How many at most."},
    )
    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=MOST_COUNT, error="must be a row's number"),
        metadata={"description": "Rows below this one; `next_after` of the page before."},
    )
    cells = fields.Boolean(
        load_default=True,
        metadata={
            "description": "`false`: without their cells. A file is read from its start, so those "
            "far down a long one take seconds."
        },
    )


class FileImportRowsFile(Form):
    """Which rows of an import as a file."""

    outcome = _outcome("Rows of this outcome.", load_default="refused")
    bom = fields.Boolean(
        load_default=False,
        metadata={
            "description": "`true`: a byte order mark comes first, by which some spreadsheets know "
            "UTF-8."
        },
    )


class Asked(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


def _count() -> fields.Integer:
    return fields.Integer(
        strict=True,
        validate=validate.Range(min=0, max=MOST_COUNT, error="must be a number of rows"),
        metadata={"description": "As many rows of this outcome."},
    )


class SeenCounts(Form):
    """What a preview counted, as somebody has seen it; a misspelt outcome is refused."""

    class Meta:
        unknown = RAISE

    new = _count()
    update = _count()
    duplicate = _count()
    conflict = _count()
    refused = _count()


class FileImportAsked(Asked):
    """Nothing more is to be said."""


class FileImportConfirm(Asked):
    """The word that leads are to be made of the rows."""

    counts = fields.Nested(
        SeenCounts,
        load_default=dict,
        metadata={
            "description": "What you have seen `previewed` say, or some of it. If it says "
            "otherwise by now, nothing is imported."
        },
    )


class FileImportUndo(Asked):
    """The word that an import's leads are to go."""

    including_changed = fields.Boolean(
        load_default=False,
        metadata={
            "description": "`true`: those, too, that people worked on since; else they are left."
        },
    )
