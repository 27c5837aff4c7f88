"""What a user of another library would tell it of each set: which columns, and what they hold.

The product is told nothing of this. No product code in here.
"""

import re
from collections.abc import Iterator

from bench.public.table import Row, Table

_FEBRL = {
    "given_name": "given",
    "surname": "family",
    "street_number": "number",
    "address_1": "street",
    "suburb": "town",
    "postcode": "postcode",
    "state": "state",
    "date_of_birth": "date",
    "soc_sec_id": "code",
}

COLUMNS: dict[str, dict[str, str]] = {
    "febrl3": _FEBRL,
    "febrl4": _FEBRL,
    "fake_1000": {
        "first_name": "given",
        "last_name": "family",
        "dob": "date",
        "city": "town",
        "email": "email",
    },
    "fodors_zagats": {"company": "thing", "street": "street", "city": "town", "phone": "phone"},
    "dedupe_csv_example": {
        "company": "thing",
        "street": "street",
        "postcode": "postcode",
        "phone": "phone",
    },
}
"""By set: the columns that are compared and what they hold, as the guides choose them."""

DATES = {"fake_1000": "%Y-%m-%d", "febrl3": "%Y%m%d", "febrl4": "%Y%m%d"}
"""How a set writes its dates."""


def cleaned(table: Table) -> list[Row]:
    """Return the rows with those columns alone, lower-cased, of a phone number the digits."""
    holds = COLUMNS[table.name]
    return [
        {name: _clean(row[name], what) for name, what in holds.items() if name in table.columns}
        for row in table.rows
    ]


def of(table: Table, *wanted: str) -> Iterator[str]:
    """Yield the columns that hold one of *wanted*."""
    return (name for name, what in COLUMNS[table.name].items() if what in wanted)


def _clean(text: str | None, what: str) -> str | None:
    plain = " ".join((text or "").lower().split())
    if what == "phone":
        plain = "".join(filter(str.isdigit, plain))
    if what in ("thing", "street"):
        plain = " ".join(re.findall(r"\w+", plain.replace("\\ 's", "s").replace("'", "")))
    return plain or None
