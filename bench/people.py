"""Invented leads, the same for the same seed: names from syllables, so nobody real is meant.

Names and towns are as uneven as real ones, because what costs a duplicate check is the
common name in the big town: the commonest family name has 0.6 % of all people (Smith has
0.8 % in the US census of 2010), the commonest given name 2.6 %, the biggest town 1.8 %.
"""

import random
from functools import lru_cache

Lead = dict[str, str]
"""`lead_data` of the duplicate check."""

LEADS_PER_FIRM = 12
"""How many leads share an employer, on average."""

_GIVEN, _FAMILY, _TOWNS = 1_500, 30_000, 3_000

_WORDS = """\
b br d dr f g gr h j k kl l m n p pr r s sh st t tr v w z
a e i o u ai ea io ou
n r s l t m ck nd rt x th ss
Robotics Foods Logistics Partners Software Clinic Bakery Motors Textiles Energy
Inc LLC Ltd GmbH Corp
gmail.com yahoo.com outlook.com icloud.com gmx.de
212 415 312 617 206 303 404 512 602 702
"""
_ONSETS, _VOWELS, _ENDS, _TRADES, _FORMS, _PROVIDERS, _AREA_CODES = map(
    str.split, _WORDS.splitlines()
)


class Population:
    """The people that *seed* and *size* imply; lead number n is the same whoever asks, and when."""

    def __init__(self, seed: int, size: int):
        """*size* is the number of leads that will be stored; numbers beyond it are unseen ones."""
        self.seed, self.size = seed, size
        rng = random.Random(seed)
        self._given = [_word(rng, 2) for _ in range(_GIVEN)]
        self._family = [_word(rng, rng.choice((2, 3))) for _ in range(_FAMILY)]
        self._towns = [_word(rng, 2) for _ in range(_TOWNS)]
        count = max(20, size // LEADS_PER_FIRM)
        self._firms = [f"{_word(rng, 3)} {rng.choice(_TRADES)}" for _ in range(count)]

    def lead(self, number: int) -> Lead:
        """Return lead *number*; no two numbers share an address."""
        rng = random.Random(self.seed << 40 | number)
        first, last = _uneven(rng, self._given), _uneven(rng, self._family)
        firm = rng.choice(self._firms)
        if rng.random() < 0.6:
            mailbox = f"{first}.{last}{number}@{firm.replace(' ', '-')}.example"
        else:
            mailbox = f"{first}{last}{number}@{rng.choice(_PROVIDERS)}"
        area, exchange, line = rng.choice(_AREA_CODES), rng.randint(200, 999), rng.randint(0, 9999)
        return {
            "email": mailbox.lower(),
            "phone": f"+1 {area} {exchange} {line:04}",
            "first_name": first,
            "last_name": last,
            "company": f"{firm} {rng.choice(_FORMS)}",
            "city": _uneven(rng, self._towns),
            "country": "US",
        }

    def again(self, number: int) -> Lead:
        """Return the person of lead *number* again: one address or number, spelled otherwise."""
        lead = self.lead(number)
        if number % 2:
            local, _, domain = lead["email"].partition("@")
            changed = {"email": f"{local.upper()}+news@{domain}", "phone": ""}
        else:
            _, area, exchange, line = lead["phone"].split()
            changed = {"email": f"new.{lead['email']}", "phone": f"({area}) {exchange}-{line}"}
        return {name: value for name, value in (lead | changed).items() if value}


@lru_cache(maxsize=1)
def population(seed: int, size: int) -> Population:
    """Return the population, made once in each process."""
    return Population(seed, size)


def _uneven(rng: random.Random, values: list[str]) -> str:
    return values[int(len(values) * rng.random() ** 2)]


def _word(rng: random.Random, syllables: int) -> str:
    parts = [rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables)]
    return ("".join(parts) + rng.choice(_ENDS)).capitalize()
