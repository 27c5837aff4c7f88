"""What a row says that nobody's records say yet, and what it says otherwise. Pure.

Canonical values are compared: one number in two spellings, a nickname, a company without its legal
form are no difference, and an empty cell says nothing. What a person may have several of, or what
changes with the years (addresses, numbers, employer, home), may differ and is news; a name and a
date of birth have one truth each, and what says otherwise there contradicts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from services.dedup import comparisons, model
from services.dedup.names import name as compared_names
from services.dedup.record import Record
from shared import similarity
from shared.normalize.text import fold

SAME_COMPANY = 0.8
"""Likeness of two company names, [0, 1], from which they are one: `comparisons.organisation`."""


class Said(NamedTuple):
    """What one lead says."""

    record: Record
    fields: Mapping[str, str]
    """As it was sent, by the names of `shared.lead_fields`."""


def contradicted(own: Record, known: Sequence[Record]) -> tuple[str, ...]:
    """Return the fields of one truth in which *own* says otherwise than all of *known* that speak.

    If one record agrees, nothing is contradicted.
    """
    found = []
    levels = {compared_names(own, each) for each in known} - {None}
    if levels and levels <= model.CONTRADICTIONS:
        found.append("name")
    births = {comparisons.birth(own, each) for each in known} - {None}
    if births and "same" not in births:
        found.append("date_of_birth")
    return tuple(found)


def news(own: Said, known: Sequence[Said]) -> tuple[str, ...]:
    """Return the fields in which *own* says something that none of *known* says, in their order."""
    records = [each.record for each in known]
    return tuple(
        [field for field, is_new in _CANONICAL.items() if is_new(own, records)]
        + [field for field in _AS_SENT if _new_text(own.fields, field, known)]
    )


def _new_mailbox(own: Said, known: Sequence[Record]) -> bool:
    return bool(_mailboxes(own.record) - {each for one in known for each in _mailboxes(one)})


def _mailboxes(record: Record) -> set[str]:
    return {record.mailbox, *(each.mailbox for each in record.other_mailboxes)} - {""}


def _new_line(own: Said, known: Sequence[Record]) -> bool:
    """True for a number that is none of the known ones, with or without its country's code."""
    lines = {each for one in known for number in _lines(one) for each in number}
    return any(lines.isdisjoint(number) for number in _lines(own.record))


def _lines(record: Record) -> list[tuple[str, str]]:
    first = [(record.phone, record.national)] if record.phone else []
    return first + [(each.phone, each.national) for each in record.other_lines]


def _new_name(own: Said, known: Sequence[Record]) -> bool:
    """True if the row tells a part of the name that nobody told, or another name."""
    record = own.record
    if not record.named:
        return False
    levels = {compared_names(record, each) for each in known} - {None}
    if levels <= model.CONTRADICTIONS:
        return True
    told_given = not record.given or any(each.given for each in known)
    return not (told_given and (not record.family or any(each.family for each in known)))


def _new_company(own: Said, known: Sequence[Record]) -> bool:
    firm = own.record.company
    if firm is None:
        return False
    others = [each.company for each in known if each.company]
    return all(similarity.company(firm, other) < SAME_COMPANY for other in others)


def _new_value(part: str) -> Callable[[Said, Sequence[Record]], bool]:
    def is_new(own: Said, known: Sequence[Record]) -> bool:
        value = getattr(own.record, part)
        return bool(value) and all(getattr(each, part) != value for each in known)

    return is_new


def _new_country(own: Said, known: Sequence[Record]) -> bool:
    """True for a country that the row names: what its number tells is no news."""
    return bool(own.fields.get("country")) and _new_value("country")(own, known)


def _new_text(own: Mapping[str, str], field: str, known: Iterable[Said]) -> bool:
    """True for a text that says more than another spelling of a known one."""
    text = _letters(own.get(field, ""))
    return bool(text) and all(_letters(each.fields.get(field, "")) != text for each in known)


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


_CANONICAL: Mapping[str, Callable[[Said, Sequence[Record]], bool]] = {
    "email": _new_mailbox,
    "phone": _new_line,
    "name": _new_name,
    "company": _new_company,
    "job_title": _new_value("title"),
    "street": _new_value("street"),
    "city": _new_value("city"),
    "postal_code": _new_value("postal_code"),
    "country": _new_country,
    "date_of_birth": _new_value("born"),
}
"""What decides whether a field is news, by canonical values; `email` and `phone` also for further
ones, `name` for its parts."""

_AS_SENT = (
    *("website", "state", "location", "message", "notes"),
    *("industry", "company_size", "lead_category", "lead_type"),
    *("loan_amount", "currency", "revenue", "founded_year"),
)
"""Fields that are compared by their letters and digits alone."""
