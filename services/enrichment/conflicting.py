"""Conflicts: where a provider says something else than the person did. What they gave stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.enrichment.comparable import Comparable, comparable
from services.enrichment.finding import Finding

MOST_CONFLICTS = 100
"""Shown of one lead."""

GIVEN = {
    "email": ("email", "other_email"),
    "phone": ("phone", "other_phone"),
    "name": ("name",),
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "company": ("company",),
    "job_title": ("job_title",),
    "website": ("website",),
    "street": ("street",),
    "city": ("city",),
    "state": ("state",),
    "postal_code": ("postal_code",),
    "country": ("country",),
    "industry": ("industry",),
    "company_size": ("company_size",),
    "founded_year": ("founded_year",),
}
"""By field that a provider may find, the fields in which a person gives the same."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a person gave and what one provider says instead."""

    field: str
    given: str
    found: str
    provider: str


def conflicts(
    given: Mapping[str, str], found: Iterable[Finding], country: str
) -> tuple[Conflict, ...]:
    """Return where *found* contradicts *given*, in the order of *found*, MOST_CONFLICTS.

    A provider that says the same once contradicts nobody by what else it says: a company has
    several numbers, and one of them is the one that was given.
    """
    said: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        if finding.field in GIVEN:
            said.setdefault((finding.provider, finding.field), []).append(finding)
    each = [
        conflict
        for (_, field), findings in said.items()
        for conflict in _of_one(_given(given, field), findings, country)
    ]
    return tuple(each[:MOST_CONFLICTS])


def _given(given: Mapping[str, str], field: str) -> list[str]:
    values = [given[name] for name in GIVEN[field] if given.get(name)]
    if field == "name" and not values:
        parts = [given[name] for name in ("first_name", "last_name") if given.get(name)]
        values = [" ".join(parts)] if len(parts) > 1 else []
    return values


def _of_one(given: list[str], findings: list[Finding], country: str) -> list[Conflict]:
    """Return the conflicts of what one provider says of one field."""
    read = [_read(findings[0].field, value, country) for value in given]
    known = {one for one in read if one is not None}
    others: dict[Comparable, Finding] = {}
    for finding in findings:
        other = _read(finding.field, finding.value, country)
        if other is not None:
            others.setdefault(other, finding)
    if not known or known & others.keys():
        return []
    return [Conflict(one.field, given[0], one.value, one.provider) for one in others.values()]


def _read(field: str, value: str, country: str) -> Comparable | None:
    return comparable(field, value, country)
