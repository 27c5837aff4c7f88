"""What a scene is, and how a person of the world fills in a form.

A form is a line of words such as `split work mobile? company`: which fields it asks for, `?` where
many leave one out, `|` between alternatives.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bench.judge.names import Name, folded
from bench.judge.phones import any_style
from bench.judge.world import Person, World, countries

Lead = dict[str, str]

FILLED = 0.45
"""Share of people who fill in an optional field."""

FORMS = {
    "webinar": "split work company title? country?",
    "pricing-page": "name mail|work mobile? company? message?",
    "house-viewing": "name mobile mail? city? street?",
    "newsletter": "first? mail|work",
    "facebook-leads": "name mail mobile? city?",
    "linkedin-leads": "split mail|work company title? country?",
    "google-leads": "name mail mobile|home postal? city?",
    "badge-scan": "split work company title country?",
    "call-list": "name mobile|home|office city? company?",
    "insurance-quote": "split mail mobile? dob street postal city",
    "calendly": "name mail|work mobile? company? message?",
    "contact-form": "split mail|work mobile|office? company? message? country?",
    "callback": "first? mobile",
    "demo-request": "split work mobile|office? company title? web? country?",
}
"""The forms of the house, by source_id."""

FAMILY_FIRST = {"hu", "vi"}
FAMILY_FIRST_NATIVE = {"zh", "tw", "ja", "ko", "hk"}
"""Cultures whose family name stands first: always, or in their own script."""

MESSAGES = ("Please call me back", "How much is it for 20 people?", "More information please",
            "Is it available next month?", "Interested", "Can we see a demo?")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encore:
    """The second lead of a scene."""

    person: Person
    lead: Lead
    days: tuple[float, float] = (0.01, 120)
    """Shortest and longest gap to the first lead, days."""
    ip: str | None = None
    """The address it comes from, if not the person's own."""
    source: str = "contact-form"
    ambiguous: bool = False


class Stage:
    """What acts need: a random stream, the world, and forms."""

    def __init__(self, rng: random.Random, world: World):
        self.rng, self.world = rng, world

    def fill(self, me: Person, form: str) -> Lead:
        """Return what *me* writes into *form*."""
        lead: Lead = {}
        for word in form.split():
            if word.endswith("?") and self.rng.random() > FILLED:
                continue
            WRITERS[self.rng.choice(word.rstrip("?").split("|"))](self, me, lead)
        return {name: value for name, value in lead.items() if value}

    def one_of(self, *values: str) -> str:
        """Return one of *values*."""
        return self.rng.choice(values)


@dataclass(frozen=True, slots=True)
class Scene:
    """How a hard case comes about: who may play it, what they first post, what comes next."""

    act: Callable[[Stage, Person, Lead], Encore]
    first: str
    """The form of the first lead; it must show what the scene rests on."""
    cultures: str = ""
    """Names that can play it; empty for all."""
    countries: str = ""
    can: Callable[[Person], bool] = lambda me: True
    before: Callable[[Stage, Person], Person] = lambda stage, me: me
    weight: float = 1.0


def first_name(me: Person) -> str:
    """Return the given name as *me* writes it."""
    return me.given.written(me.native)


def last_name(me: Person) -> str:
    """Return the family name, or both, as *me* writes them."""
    if me.family is None:
        return ""
    names = (me.family, me.second) if me.second else (me.family,)
    return " ".join(name.written(me.native) for name in names)


def full_name(me: Person) -> str:
    """Return the name in one field, in the order of the culture."""
    first, last = first_name(me), last_name(me)
    if me.middle:
        first = f"{first} {me.middle.usual}"
    if me.native and me.culture in FAMILY_FIRST_NATIVE and me.given.native:
        gap = " " if me.culture == "ja" and me.number % 2 else ""
        return f"{last}{gap}{first}"
    if me.culture in FAMILY_FIRST or (me.culture in FAMILY_FIRST_NATIVE and me.number % 3 == 0):
        return f"{last} {first}".strip()
    return f"{first} {last}".strip()


def in_script(text: str, native: bool) -> str:
    """Return one side of `native=Latin`."""
    own, equals, latin = text.rpartition("=")
    return own if equals and native else latin.split("/")[0]


def _split(stage: Stage, me: Person, lead: Lead) -> None:
    lead["first_name"], lead["last_name"] = first_name(me), last_name(me)


def _country(stage: Stage, me: Person, lead: Lead) -> None:
    lead["country"] = stage.one_of(me.country, *countries()[me.country]["name"].split("|"))


def _street(stage: Stage, me: Person, lead: Lead) -> None:
    street = me.street if me.street.count("=") < 2 else me.street.replace("=", "", 1)
    lead["street"] = in_script(street, me.native)


def _set(field: str, value: Callable[[Stage, Person], str]) -> Callable[..., None]:
    def write(stage: Stage, me: Person, lead: Lead) -> None:
        lead[field] = value(stage, me)

    return write


def plain(name: Name) -> Name:
    """Return the name as a keyboard without accents and scripts writes it."""
    return Name(tuple(folded(spelling) for spelling in name.latin), None, name.short)


WRITERS: dict[str, Callable[[Stage, Person, Lead], None]] = {
    "name": _set("name", lambda stage, me: full_name(me)),
    "split": _split,
    "first": _set("first_name", lambda stage, me: first_name(me)),
    "mail": _set("email", lambda stage, me: me.mail),
    "work": _set("email", lambda stage, me: me.work_mail),
    "mobile": _set("phone", lambda stage, me: any_style(stage.rng, me.mobile)),
    "home": _set("phone", lambda stage, me: any_style(stage.rng, me.home)),
    "office": _set("phone", lambda stage, me: any_style(stage.rng, me.firm.office)),
    "company": _set("company", lambda stage, me: me.firm.company),
    "title": _set("job_title", lambda stage, me: me.title),
    "web": _set("website", lambda stage, me: f"www.{me.firm.domain}"),
    "city": _set("city", lambda stage, me: in_script(me.city, me.native)),
    "postal": _set("postal_code", lambda stage, me: me.postal),
    "street": _street,
    "country": _country,
    "dob": _set("date_of_birth", lambda stage, me: me.born.isoformat()),
    "message": _set("message", lambda stage, me: stage.rng.choice(MESSAGES)),
}
"""How each word of a form is written."""


def later(days: tuple[float, float], rng: random.Random) -> timedelta:
    """Return a gap in *days*, most often short."""
    low, high = days
    return timedelta(days=low + (high - low) * rng.random() ** 2)


def local_part(address: str) -> tuple[str, str]:
    """Return (local part, domain)."""
    local, _, domain = address.partition("@")
    return local, domain
