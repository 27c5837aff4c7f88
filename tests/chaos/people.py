"""Leads for a storm: new people, and the same people again under another key and spelling."""

import random
from collections.abc import Iterator

from tests.chaos.ledger import Sent

AGAIN = 0.3
"""Share of the leads that are somebody's second, third … one."""

REMEMBERED = 40
"""Only so many latest people come again, so that their leads meet in one outage."""

_SYLLABLES = [onset + vowel for onset in "bdfgklmnprstvz" for vowel in "aeiou"]


def visitors(tenant: str, seed: int) -> Iterator[Sent]:
    """Return leads without end, every one with its key and its identity."""
    rng = random.Random(seed)
    known: list[tuple[int, int]] = []
    """Person and how many leads they have."""
    person = 0
    while True:
        if known and rng.random() < AGAIN:
            at = rng.randrange(max(0, len(known) - REMEMBERED), len(known))
            known[at] = (known[at][0], known[at][1] + 1)
            yield visitor(tenant, *known[at])
        else:
            person += 1
            known.append((person, 1))
            yield visitor(tenant, person, 1)


def visitor(tenant: str, person: int, time: int) -> Sent:
    """Return the *time*-th lead of *person*: one mailbox, another spelling (Gmail's tags)."""
    first, last = _name(2 * person), _name(2 * person + 1)
    fields = {
        "email": f"{first}.{last}.{person}+{time}@gmail.com".lower(),
        "first_name": first,
        "last_name": last,
    }
    return Sent(tenant, fields, key=f"{person}-{time}", identity=f"{tenant}/person {person}")


def _name(number: int) -> str:
    """Return a name that resembles no other one."""
    rng = random.Random(f"name {number}")
    return "".join(rng.choice(_SYLLABLES) for _ in range(5)).capitalize()
