"""Invented leads, the same for the same seed: names from syllables, so nobody real is meant."""

import random
from collections.abc import Iterator

_ONSETS = "b br d dr f g gr h j k kl l m n p pr r s sh st t tr v w z".split()
_VOWELS = "a e i o u ai ea io ou".split()
_ENDS = "n r s l t m ck nd rt x th ss".split()
_TRADES = "Robotics Foods Logistics Partners Software Clinic Bakery Motors Textiles Energy".split()
_FORMS = "Inc LLC Ltd GmbH Corp".split()
_PROVIDERS = "gmail.com yahoo.com outlook.com icloud.com gmx.de".split()
_AREA_CODES = "212 415 312 617 206 303 404 512 602 702".split()


def leads(seed: int, how_many: int) -> Iterator[dict[str, str]]:
    """Return *how_many* different leads, as `lead_data` of the duplicate check."""
    rng = random.Random(seed)
    given = [_word(rng, 2) for _ in range(1500)]
    family = [_word(rng, rng.choice((2, 3))) for _ in range(30_000)]
    firms = [f"{_word(rng, 3)} {rng.choice(_TRADES)}" for _ in range(max(20, how_many // 12))]
    for number in range(how_many):
        first, last, firm = rng.choice(given), rng.choice(family), rng.choice(firms)
        if rng.random() < 0.6:
            mailbox = f"{first}.{last}{number}@{firm.replace(' ', '-').lower()}.example"
        else:
            mailbox = f"{first}{last}{number}@{rng.choice(_PROVIDERS)}"
        yield {
            "email": mailbox.lower(),
            "phone": f"+1 {rng.choice(_AREA_CODES)} {rng.randint(200, 999)} {rng.randint(0, 9999):04}",
            "first_name": first,
            "last_name": last,
            "company": f"{firm} {rng.choice(_FORMS)}",
            "city": _word(rng, 2),
            "country": "US",
        }


def _word(rng: random.Random, syllables: int) -> str:
    parts = [rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables)]
    return ("".join(parts) + rng.choice(_ENDS)).capitalize()
