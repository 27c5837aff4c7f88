"""What a happening costs an account with many alert rules, all of which hear it.

CPU time of this process. The rules are of a few usual shapes, with places, trades and bounds of
their own; nothing is stored or told.
"""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from services.alerts.condition_reading import reading
from services.alerts.fingerprint import fingerprint, group_key
from services.alerts.happening import Happening
from services.alerts.rule import Rule
from services.alerts.rulebook import Ready, Rulebook
from services.alerts.urgency import priority
from services.alerts.words import words

HAPPENINGS = 200
"""Events that are timed, each once."""

MOST_MS = 5.0
"""What a thousand rules on one event may take (the service's issue)."""

PLACES = ("Austin, TX", "Chicago", "Berlin", "Toronto", "Lyon", "Denver", "Phoenix", "Leeds")
TRADES = ("retail", "restaurants", "technology", "construction", "52", "hospitality")
POINTS = (("US", "TX", 30.3, -97.7), ("US", "IL", 41.9, -87.6), ("DE", "16", 52.5, 13.4))


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print the milliseconds of an event at each of *sizes* rules; the others are not looked at."""
    print(f"{'rules':>8} {'read ms':>9} {'met':>6} {'p50 ms':>8} {'p95 ms':>8} {'all ms':>8}")
    for size in sizes:
        chance = random.Random(size)
        begun = time.process_time()
        book = Rulebook([_ready(number, chance) for number in range(size)])
        read_ms = (time.process_time() - begun) * 1000
        happenings = [_happening(number, chance) for number in range(HAPPENINGS)]
        met = [len(book.met(one)) for one in happenings]
        judged = sorted(_milliseconds(book.met, one) for one in happenings)
        raised = sorted(_milliseconds(_raised, book, one) for one in happenings)
        p50, p95 = median(judged), judged[int(0.95 * len(judged))]
        numbers = f"{median(met):6.0f} {p50:8.2f} {p95:8.2f} {median(raised):8.2f}"
        print(f"{size:8,} {read_ms:9.0f} {numbers}")
    print(f"target: {MOST_MS:g} ms for 1,000 rules; `all` has fingerprints, priorities and words")


def _milliseconds(work: Any, *arguments: Any) -> float:
    begun = time.process_time()
    work(*arguments)
    return (time.process_time() - begun) * 1000


def _raised(book: Rulebook, happening: Happening) -> None:
    """Do all that pure code does before an alert is stored."""
    for rule, conditions in book.met(happening):
        fingerprint(rule, happening)
        group_key(rule, happening)
        words(rule, happening, priority(rule, happening), conditions.why(happening))


def _ready(number: int, chance: random.Random) -> Ready:
    score = chance.randrange(0, 100, 5)
    near = {"place": chance.choice(PLACES), "radius_km": chance.randrange(10, 200)}
    shapes: tuple[dict[str, Any], ...] = (
        {"min_intent_score": score},
        {"min_signal_strength": score, "status": ["new", "qualified"]},
        {"near": near, "min_intent_score": score},
        {"industry": chance.sample(TRADES, 2), "not": {"duplicate": True}},
        {"any": [{"near": near}, {"location": "Texas"}], "tags": "vip"},
        {
            "needs": ["business_loan", "growth_capital"],
            "during": {"from": "08:00", "to": "18:00", "timezone": "America/Chicago"},
        },
    )
    conditions = shapes[number % len(shapes)]
    rule = Rule(UUID(int=number), f"Rule {number}", "new_lead", conditions)
    return Ready(rule, reading(conditions, rule.rule_type))


def _happening(number: int, chance: random.Random) -> Happening:
    country, region, latitude, longitude = chance.choice(POINTS)
    facts: dict[str, Any] = {
        "event": "lead.created",
        "country": country,
        "admin1": region,
        "latitude": latitude + chance.random(),
        "longitude": longitude + chance.random(),
        "industry": chance.choice(("44", "7225", "5415", "23", "522")),
        "intent_score": chance.randrange(101),
        "signal_strength": chance.randrange(101),
        "status": "new",
        "duplicate": False,
        "tags": ("vip",) if chance.random() < 0.2 else (),
        "needs": ("business_loan",),
    }
    at = datetime(2026, 3, 4, number % 24, tzinfo=UTC)
    return Happening(UUID(int=number), "lead.created", UUID(int=number), at, facts)
