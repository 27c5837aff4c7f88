"""Phrases: the table of what people call the fields of a form (`data/labels.csv`), read once."""

from functools import cache
from pathlib import Path

from shared.labels import misspelt
from shared.labels.spelling import words

_TABLE = Path(__file__).parent / "data" / "labels.csv"

FIELDS = (
    *("email", "phone", "mobile", "date_of_birth", "postal_code", "website", "message"),
    *("job_title", "street", "city", "state", "country", "loan_amount", "revenue"),
)
"""Of several in one label the first counts; names, companies and contacts come after them."""

STANDINGS = ("asker", "asked", "ward", "side")
"""Senses of those who may be the lead, where nobody nearer is (`parties`): who says that they fill
in a form (submitted by), who forms ask for
(tenant, parent, seller), whom those care for (student), and who else is named on a form."""

_SENSES = (
    *("dial_code", *FIELDS, "particle", "second_surname", "full_name", "first_name", "last_name"),
    *("name", "company", "contact"),
    *("never", *STANDINGS, "person", "deal", "when", "given", "surname", "second", "confirm"),
    *("about", "work", "thing", "trade", "place"),
    *("plain", "skip"),
)
"""Of several senses of one phrase the first counts."""


@cache
def phrases() -> dict[tuple[str, ...], str]:
    """Return what each phrase means, wherever in a label it stands."""
    return {phrase: sense for sense, phrase, how in reversed(_rows()) if not how}


@cache
def whole_labels() -> dict[tuple[str, ...], str]:
    """Return what the phrases mean that count only as a whole label."""
    return {phrase: sense for sense, phrase, how in reversed(_rows()) if how == "="}


@cache
def places() -> frozenset[str]:
    """Return the words for kinds of places where people are served, whatever else they mean."""
    rows = (phrase for sense, phrase, _ in _rows() if sense == "place")
    return frozenset(phrase[0] for phrase in rows if len(phrase) == 1)


@cache
def parts_of_words(how: str) -> tuple[tuple[str, str], ...]:
    """Return what parts of longer words mean: beginnings (*how* `*`) or ends (`-`)."""
    return tuple((phrase[0], sense) for sense, phrase, mark in _rows() if mark == how)


@cache
def single_words() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Return the phrases of one word, and what misspelt words are looked up in (`misspelt`)."""
    known = {phrase[0]: sense for phrase, sense in phrases().items() if len(phrase) == 1}
    return known, misspelt.shortened(known)


@cache
def _rows() -> list[tuple[str, tuple[str, ...], str]]:
    """Return sense, phrase and its mark, in the order in which senses count.

    `=` a whole label, `*` how words begin, `-` how words end.
    """
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    cells = [line.split(",", 2) for line in lines if line and not line.startswith("#")]
    found = []
    for sense, _language, phrases in sorted(cells, key=lambda row: _SENSES.index(row[0])):
        for phrase in phrases.split(";"):
            ends = "-" if phrase[:1] == "*" else "*" if phrase[-1:] == "*" else ""
            mark = "=" if phrase[:1] == "=" else ends
            found.append((sense, tuple(words(phrase.strip("=*"))), mark))
    return found
