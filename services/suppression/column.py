"""A column of a file: whether it holds addresses, numbers or hashes, and what each cell says.

A file of hashes is of one kind: a cell that is of another than those before it is a mistake
somewhere, and nobody can tell where.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.suppression.identity import (
    HASH,
    NAMES,
    NO_ADDRESS,
    NO_HASH,
    NO_NUMBER,
    address,
    number,
)
from shared import suppression
from shared.suppression import EMAIL, PHONE, Value

CLEAR, HASHED = "clear", "hash"

MIXED_CLEAR = "is a hash, and those before it are in clear"
MIXED_HASHED = "is in clear, and those before it are hashes"
UNREAD = "is neither an address nor a number nor a hash"
ROUNDED = "was rounded by a spreadsheet: format its column as text"

_OTHER = re.compile(r"[^a-z0-9]+")
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+")
_FLOAT = re.compile(r"\d{7,}\.0")
_AROUND = " \t\r\n\"'\ufeff\xa0"

_NAMED = {
    EMAIL: frozenset(
        ("email", "emailaddress", "emails", "mail", "mailaddress", "emailid", "correo", "courriel")
    ),
    PHONE: frozenset(
        (
            *("phone", "phonenumber", "phones", "telephone", "telephonenumber", "tel", "mobile"),
            *("mobilenumber", "mobilephone", "cell", "cellphone", "msisdn", "telefon"),
        )
    ),
    HASH: frozenset(("hash", "hashes", "hashed", "digest", "checksum")),
}
"""What columns are called, in letters and digits alone."""


class Reading(NamedTuple):
    """How a file is read."""

    country: str
    """Reads national numbers; ISO 3166-1 alpha-2."""
    hashes: str | None = None
    """The kind that the caller says its hashes are of; None: what the first one is."""


class Column:
    """One column; it remembers of which kind its cells were so far."""

    def __init__(self, reading: Reading, of: str | None = None, how: str | None = None):
        """*of*: EMAIL, PHONE or None (either); *how*: the kind of hash, HASH for any, or None."""
        self.of, self.how = of, how
        self.form = HASHED if how else None
        self.unplaced = 0
        """Numbers that exist in no plan as they were read: those of another country, mostly."""
        self._reading = reading

    @property
    def read_as(self) -> str:
        """Return in a word or two what its cells were: `email`, `phone`, `md5`, `email_md5`."""
        if self.form == HASHED:
            how = self.how or HASH
            return f"{self.of}_{how}" if self.of and how != HASH else how
        return self.of or HASH

    def value(self, cell: str) -> Value | None:
        """Return what *cell* says, None if it is empty. Raises ValueError with what is wrong."""
        text = cell.strip(_AROUND)
        if not text:
            return None
        found = suppression.digest(text)
        if self.form is None and found:
            self.form = HASHED
        if self.form == HASHED:
            return self._digest(text, found)
        if found:
            raise ValueError(MIXED_CLEAR)
        clear = self._clear(text)
        self.form = CLEAR
        return clear

    def _digest(self, text: str, found: Value | None) -> Value:
        if found is None:
            raise ValueError(MIXED_HASHED if "@" in text else NO_HASH)
        if self.how in (None, HASH):
            self.how = self._reading.hashes or found.kind
        if found.kind != self.how:
            raise ValueError(f"has the length of {NAMES[found.kind]}, not of {NAMES[self.how]}")
        return found

    def _clear(self, text: str) -> Value:
        if self.of == EMAIL or (self.of is None and "@" in text):
            found = address(text)
            if found is None:
                raise ValueError(NO_ADDRESS)
            self.of = EMAIL
            return found
        return self._number(text)

    def _number(self, text: str) -> Value:
        if _EXPONENT.fullmatch(text):
            raise ValueError(ROUNDED)
        if _FLOAT.fullmatch(text):  # what a table of numbers makes of one
            text = text[:-2]
        read = None if "@" in text else number(text, self._reading.country)
        if read is None:
            raise ValueError(NO_NUMBER if self.of == PHONE else UNREAD)
        self.of = PHONE
        self.unplaced += not read.valid
        return Value(PHONE, read.e164)


def named(cells: Sequence[str], reading: Reading) -> dict[int, Column]:
    """Return the columns, by position, that a header of *cells* names."""
    found = {position: _named(cell, reading) for position, cell in enumerate(cells)}
    return {position: column for position, column in found.items() if column}


def guessed(cells: Sequence[str], reading: Reading) -> dict[int, Column]:
    """Return the columns, by position, of which the first row's *cells* say what they hold.

    Beside others, only what is surely a number is one: rows are numbered, too.
    """
    found = {}
    for position, cell in enumerate(cells):
        column = Column(reading)
        try:
            value = column.value(cell)
        except ValueError:
            value = None
            # A hash of another kind than was said is one all the same: its fault is to be told.
            if column.form != HASHED:
                continue
        if column.form == HASHED or len(cells) == 1 or (value and _surely(value)):
            column.unplaced = 0  # the row is read once more
            found[position] = column
    return found


def _surely(value: Value) -> bool:
    if value.kind == EMAIL:
        return True
    read = number(value.text, "")
    return read is not None and read.valid


def _named(cell: str, reading: Reading) -> Column | None:
    """Return the column that is called *cell*, None if it holds nothing for us."""
    name = _OTHER.sub("", cell.lower())
    for kind in suppression.DIGITS.values():
        if kind in name:
            return Column(reading, _of(name.replace(kind, "")), kind)
    if name in _NAMED[HASH]:
        return Column(reading, how=HASH)
    of = _of(name)
    if of is None:
        return None
    return Column(reading, of, None if name in _NAMED[of] else HASH)


def _of(name: str) -> str | None:
    """Return what a column called *name* is about, be it hashed or not."""
    bare = name.replace("hashed", "").replace("hash", "")
    return next((of for of in (EMAIL, PHONE) if bare in _NAMED[of]), None)
