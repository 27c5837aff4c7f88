"""Employers: what everybody of a firm shares, and the words that firms are named with."""

import tomllib
from dataclasses import dataclass

from bench.judge.names import DATA
from bench.judge.phones import Number

_WORDS = tomllib.loads((DATA / "firms.toml").read_text(encoding="utf-8"))

TRADES, STEMS, COLOURS = (_WORDS[key].split() for key in ("trades", "stems", "colours"))
TITLES = _WORDS["titles"].split("|")
"""Posts."""


@dataclass(frozen=True, slots=True)
class Firm:
    """An employer; everything that its people share."""

    stem: str
    trade: str
    form: str
    domain: str
    office: Number
    city: str
    street: str
    postal: str
    ip: str
    pattern: str

    @property
    def company(self) -> str:
        """The full name, as on an invoice."""
        body = f"{self.stem} {self.trade}"
        return f"{self.form} {body}" if self.form in ("PT", "CV") else f"{body} {self.form}"
