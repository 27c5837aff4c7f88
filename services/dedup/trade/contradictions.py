"""Contradictions: what terms of one scope may not say together, though each of it is possible.

Faults are told by field, as a schema tells its own. Between scopes nothing contradicts: of each
setting one of them holds.
"""

from collections.abc import Iterator, Sequence
from datetime import time
from itertools import combinations

from services.dedup.trade.terms import (
    ALL,
    BUYER,
    CAMPAIGN,
    LISTED,
    PERSON,
    Cap,
    Lookback,
    Opening,
    Scope,
    Terms,
)

Fault = tuple[str, str]
"""A field by its path, and what is wrong with it."""

MIDNIGHT = time(0)
"""As an end, that of the day."""


def contradictions(scope: Scope, terms: Terms) -> dict[str, str]:
    """Return by field what *terms* for *scope* say against themselves; empty if they make sense."""
    return dict(
        [
            *_lookbacks(scope, terms.lookback or ()),
            *_caps(terms.caps or ()),
            *_openings(terms.schedule or ()),
            *_returns(terms),
        ]
    )


def _lookbacks(scope: Scope, rules: Sequence[Lookback]) -> Iterator[Fault]:
    for place, rule in enumerate(rules):
        yield from ((f"lookback[{place}].{name}", why) for name, why in _rule(scope, rule))
    for (first, one), (second, other) in combinations(enumerate(rules), 2):
        if _asked(one) == _asked(other) and one.within_days >= other.within_days:
            yield f"lookback[{second}]", f"is never reached: lookback[{first}] answers before it"


def _rule(scope: Scope, rule: Lookback) -> Iterator[Fault]:
    if len(set(rule.keys)) < len(rule.keys):
        yield "keys", "names a key twice"
    if rule.match == ALL and set(rule.keys) == {PERSON}:
        yield "match", "all needs another key beside person"
    if rule.across == LISTED and not rule.sources:
        yield "sources", "must name the sources, for across is listed"
    if rule.across != LISTED and rule.sources:
        yield "sources", "may be given only where across is listed"
    if rule.across == BUYER and not scope.buyer_id:
        yield "across", "buyer needs terms of a buyer_id"
    if rule.across == CAMPAIGN and not scope.campaign_id:
        yield "across", "campaign needs terms of a campaign_id"


def _asked(rule: Lookback) -> tuple[object, ...]:
    """Return what a rule asks; rules that ask the same differ in days and answer alone."""
    match = rule.match if len(rule.keys) > 1 else ALL  # one key is any and all of them
    asked = frozenset(rule.keys), match, rule.across, frozenset(rule.sources)
    return (*asked, rule.against)


def _caps(caps: Sequence[Cap]) -> Iterator[Fault]:
    for (first, one), (second, other) in combinations(enumerate(caps), 2):
        if one.per == other.per:
            yield f"caps[{second}].per", f"has a cap already: caps[{first}]"
        elif (one.per, other.per) in NESTED and one.most > other.most:
            yield f"caps[{first}].most", f"is above the cap per {other.per}"
        elif (other.per, one.per) in NESTED and other.most > one.most:
            yield f"caps[{second}].most", f"is above the cap per {one.per}"


def _openings(openings: Sequence[Opening]) -> Iterator[Fault]:
    for place, opening in enumerate(openings):
        if opening.begins >= opening.ends != MIDNIGHT:
            yield f"schedule[{place}].ends", "must be after begins"
    for (_, one), (second, other) in combinations(enumerate(openings), 2):
        if one.day == other.day and _begins_within(one, other):
            yield f"schedule[{second}].begins", f"overlaps another opening on {one.day}"


def _begins_within(one: Opening, other: Opening) -> bool:
    """True if two openings of a day have a moment in common."""
    first, second = sorted((one, other), key=lambda each: each.begins)
    return first.ends == MIDNIGHT or second.begins < first.ends


def _returns(terms: Terms) -> Iterator[Fault]:
    reasons = terms.return_reasons or ()
    if len(set(reasons)) < len(reasons):
        yield "return_reasons", "names a reason twice"
    if reasons and terms.return_days == 0:
        yield "return_days", "0 takes nothing back, whatever the reason"


NESTED = (
    ("hour", "day"),
    ("hour", "week"),
    ("hour", "month"),
    ("day", "week"),
    ("day", "month"),
    ("hour", "total"),
    ("day", "total"),
    ("week", "total"),
    ("month", "total"),
)
"""Spans of which each lies within one of the other: a cap above the wider one is never reached. A
week may lie in two months, so of these two either may have the higher cap."""
