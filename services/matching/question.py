"""What to ask a lead next: the one field whose answer changes the order of its services most.

Pure. For each field that is not known a few plausible answers are tried, all equally likely, and
the contenders are ranked anew. The change is how many of their pairs change order, a pair that
becomes or ceases to be equal by one half (Kendall's distance with ties: Fagin et al. 2004, K with
p = 1/2); a service that falls away stands below all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from services.matching.constraints import CONSTRAINTS
from services.matching.criteria import CRITERIA
from services.matching.plausible import ANSWERABLE
from services.matching.prepared import Prepared
from services.matching.profile import Profile
from services.matching.ranking import DECIMALS, Ranking, ranking
from shared.privacy.modes import Mode

CONTENDERS = 10
"""Services whose order counts: so many by what they are expected to get, and by what they could."""

GONE = -1.0
"""Stands for the score of a service that falls away: below every score."""

CONSENT = next(at for at, constraint in enumerate(CONSTRAINTS) if constraint.name == "consent")

EXCLUDES, GIVES = "excludes", "gives"

Told = dict[tuple[str, str], list[float]]
"""What constraints (EXCLUDES) and criteria (GIVES) say by their name, an entry a contender."""

EVERYTHING = frozenset((*(one.name for one in CONSTRAINTS), *(one.name for one in CRITERIA)))


@dataclass(frozen=True, slots=True)
class Question:
    """The next question, and what it is worth."""

    field: str
    """The field of the profile that is asked for; location is several."""
    wording: str
    options: tuple[str, ...]
    """Answers that were tried, in words; the lead may give another."""
    expected_change: float
    """Pairs of the contenders that are expected to change order."""
    pairs: int
    """Pairs of contenders there are."""


def asked_next(
    catalogue: Prepared, ranked: Ranking, profile: Profile, now: datetime, mode: Mode
) -> Question | None:
    """Return the question worth most; None where no answer that was tried changes any score.

    Where the privacy mode keeps services away for want of a consent, they are contenders as if
    it were given. Of equal changes of order the one that moves more points counts.
    """
    if profile.purposes is None and CONSENT in ranked.refused.values():
        given = frozenset(service.needs_purpose for service in catalogue.services)
        ranked = ranking(catalogue, replace(profile, purposes=given), now, mode)
    places = dict.fromkeys((*ranked.best(CONTENDERS), *ranked.promising(CONTENDERS)))
    rows = [ranked.rows[place] for place in places]
    services = [catalogue.services[row] for row in rows]
    known = _columns(catalogue, rows, profile, now, mode)
    before = _scores(known)
    best, most = None, (0.0, 0.0)
    for answerable in ANSWERABLE:
        tried = answerable.tried(profile, services, now)
        after = [
            _scores(known | _columns(catalogue, rows, answer, now, mode, answerable.touches))
            for _, answer in tried
        ]
        change = _mean([_disorder(before, one) for one in after])
        moved = _mean([_moved(before, one) for one in after])
        if (change, moved) > most:
            most = (change, moved)
            options = tuple(words for words, _ in tried)
            pairs = len(rows) * (len(rows) - 1) // 2
            best = Question(answerable.field, answerable.wording, options, change, pairs)
    return best


def _columns(
    catalogue: Prepared,
    rows: Sequence[int],
    profile: Profile,
    now: datetime,
    mode: Mode,
    names: frozenset[str] = EVERYTHING,
) -> Told:
    """Return what constraints and criteria of these *names* give, an entry a row.

    Points of a criterion, as the service weights it; of a constraint GONE where it excludes, else
    0. A constraint and a criterion may have one name.
    """
    found: Told = {}
    for constraint, column in zip(CONSTRAINTS, catalogue.constraints, strict=True):
        if constraint.name in names:
            wants = [column.distinct[column.numbers[row]] for row in rows]
            found[EXCLUDES, constraint.name] = [
                GONE if constraint.excludes(want, profile, now, mode) else 0.0 for want in wants
            ]
    for which, (criterion, column) in enumerate(zip(CRITERIA, catalogue.criteria, strict=True)):
        if criterion.name in names:
            wants = [column.distinct[column.numbers[row]] for row in rows]
            found[GIVES, criterion.name] = [
                catalogue.weights_of(row)[which] * criterion.span(want, profile, now).expected
                for row, want in zip(rows, wants, strict=True)
            ]
    return found


def _scores(columns: Told) -> list[float]:
    """Return the scores of the contenders; GONE for those that fall away."""
    excluded = zip(*(columns[EXCLUDES, one.name] for one in CONSTRAINTS), strict=True)
    points = zip(*(columns[GIVES, one.name] for one in CRITERIA), strict=True)
    return [
        GONE if GONE in gone else round(sum(parts), DECIMALS)
        for gone, parts in zip(excluded, points, strict=True)
    ]


def _disorder(before: Sequence[float], after: Sequence[float]) -> float:
    """Return Kendall's distance of two orders of the same services, ties counting one half."""
    pairs = combinations(zip(before, after, strict=True), 2)
    return sum(abs(((b > a) - (b < a)) - ((d > c) - (d < c))) / 2 for (a, c), (b, d) in pairs)


def _moved(before: Sequence[float], after: Sequence[float]) -> float:
    return sum(abs(b - a) for a, b in zip(before, after, strict=True))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
