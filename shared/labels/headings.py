"""Headings as forms' labels: what a column is called in languages that few exports speak. Pure.

`shared.columns` knows the headings of the common exports; a label's words are known in 29 languages
(`label`), and a heading that is wholly understood means what a label does.
"""

from collections.abc import Sequence

from shared.columns import FURTHER, KNOWN
from shared.labels.label import CONFIRM, SECOND, Meaning, meaning
from shared.normalize.text import fold

READ = {
    "email": "email",
    "phone": "phone",
    "mobile": "phone",
    "full_name": "name",
    **{
        name: name
        for name in ("name", "first_name", "last_name", "company", "job_title", "website")
    },
    **{name: name for name in ("street", "city", "state", "postal_code", "country")},
    **{name: name for name in ("date_of_birth", "message")},
}
"""The field of a lead that a column has which a form would ask for as such."""

ELSEWHERE = frozenset(
    {"ad", "via", "site", "titel", "titre", "plz ort", "additional name", "cep", "kraj"}
)
"""Whole headings that mean in a table what they do not in a form: an advertisement, a channel, a
branch, a doctorate, two fields in one, a middle name, a telephone or a postal code, a country or
a region."""

BESIDE = frozenset({"display", "valid", "verified", "status", "sent", "count", "type", "id"})
"""Words of headings about a field: whether it is valid, how it is shown."""


def meant(header: Sequence[str]) -> dict[str, str]:
    """Return the fields of those headings of *header* that `shared.columns` does not know.

    A mere *name* beside a first or a last name is the other one of them: Nome, Cognome.
    """
    known = {KNOWN.get(fold(heading).replace(" ", ""), "") for heading in header}
    unknown = [heading for heading in header if fold(heading).replace(" ", "") not in KNOWN]
    told = {heading: said for heading in unknown if (said := _told(heading))}
    fields = {*known, *(said.field for said in told.values() if not said.loose)}
    named = _half(fields)
    return {heading: field for heading, said in told.items() if (field := _field(said, named))}


def _told(heading: str) -> Meaning | None:
    """Return what *heading* means, None if that is no field of a lead, or not for sure."""
    words = fold(heading).split()
    if " ".join(words) in ELSEWHERE or not BESIDE.isdisjoint(words):
        return None
    said = meaning(heading)
    doubtful = said.strange or said.other or said.about or said.roles or said.rank == CONFIRM
    return None if doubtful or said.field not in READ else said


def _half(fields: set[str]) -> str:
    """Return what a mere *name* is in a table that has these *fields* beside it."""
    first, last = "first_name" in fields, "last_name" in fields
    if first or last:
        return "" if first and last else "last_name" if first else "first_name"
    return "" if fields & {"name", "full_name"} else "name"


def _field(said: Meaning, named: str) -> str:
    if said.loose:
        return named
    field = READ[said.field]
    return FURTHER.get(field, field) if said.rank >= SECOND else field
