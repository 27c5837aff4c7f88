"""Sides: what is not the lead's in a message of a marketplace, a booking tool or an exchange.

These say who the customer is, and beside that whom they asked for: a business, a number that was
called, a member of staff.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.dedup.intake.reading import calls
from services.dedup.intake.reading.customers import NEUTRAL
from services.dedup.intake.reading.people import somebody
from services.dedup.intake.sent import Answer
from shared.labels.label import Meaning, meaning
from shared.labels.spelling import folded

BUYERS = frozenset(
    (
        *("customer", "consumer", "buyer", "client", "shopper", "enquirer", "inquirer", "guest"),
        *("patient", "visitor", "diner", "caller", "invitee", "attendee", "reviewer"),
    )
)
BUSINESSES = frozenset(
    (
        *("business", "shop", "store", "seller", "pro", "professional", "provider", "contractor"),
        *("company", "organization", "organisation"),
    )
)
"""The two sides of a lead that a marketplace sends."""

SELLERS = BUSINESSES - {"company", "organization", "organisation"} | {"agency", "merchant"}
"""Of these, as objects; a *company* may be the customer's."""

STAFF = frozenset({"user", "users", "account", "me", "bot", "page"})
CONTACTS = frozenset(
    (
        *("contact", "contacts", "customer", "client", "person", "persons", "people", "lead"),
        *("visitor", "prospect", "candidate", "guest", "invitee", "attendees", "subscriber"),
    )
)
"""An object called `user` beside one for a contact is who works with the tool."""

SERVING = frozenset(
    (
        *("staff", "provider", "technician", "stylist", "practitioner", "therapist", "tracking"),
        *("service", "appointment", "booking", "calendar", "employee", "instructor", "merchant"),
    )
)
"""Words that say that a business serves the customer of the same message."""

PRESENT = frozenset(
    (
        *("current company", "company current", "aktuelle firma", "aktuelles unternehmen"),
        *("entreprise actuelle", "societe actuelle", "empresa actual", "empresa atual"),
        *("azienda attuale", "huidig bedrijf", "obecna firma", "current company name"),
    )
)
"""A candidate's employer; anybody else's insurer, or whoever serves them now."""

CAREERS = frozenset(
    (
        *("candidate", "resume", "cv", "linkedin", "job", "position", "salary", "experience"),
        *("recruiter", "title", "lebenslauf", "bewerber", "bewerbung", "occupation", "role"),
    )
)

PLACES = frozenset(
    (
        *("restaurant", "clinic", "salon", "spa", "gym", "studio", "store", "shop", "branch"),
        *("practice", "hospital", "hotel", "venue", "dealership", "merchant", "seller", "pro"),
        *("provider", "professional", "contractor", "location", "agency", "filiale", "dealer"),
    )
)
"""How a program's name begins of the place or firm that a customer asked."""

PARTNERS = frozenset({"partner name", "partner company", "partner company name"})
ACCOUNTS = frozenset({"account name", "account"})
"""The lead's firm, to a CRM; beside one that is called so, whose account sends this."""

HIRING = frozenset({"job", "jobs"})

SELLER = "vendor"
"""The step in a path that says that what follows is the other side's (`shared.labels`)."""


def sellers(value: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of objects that stand for the business asked, beside one for a customer."""
    objects = {name.lower(): name for name, inner in value.items() if isinstance(inner, dict)}
    if not objects:
        return frozenset()
    asked = objects.keys() & SELLERS if objects.keys() & BUYERS else frozenset[str]()
    if {n.lower() for n, inner in value.items() if isinstance(inner, (dict, list))} & CONTACTS:
        asked = asked | (objects.keys() & STAFF)
    if any(map(somebody, (value[objects[each]] for each in objects.keys() & BUYERS))):
        asked = asked | {each for each in objects if _another(each, value[objects[each]])}
    return frozenset(objects[name] for name in asked)


def _another(name: str, inner: Mapping[str, Any]) -> bool:
    """Return whether an object beside a customer's is about somebody who is named by no role."""
    if name in BUYERS | CONTACTS or set(folded(name).split()) & NEUTRAL or not somebody(inner):
        return False
    told = meaning(f"{name}.email")
    return not (told.other or told.roles)


def ours(answers: Sequence[Answer], found: Sequence[Meaning]) -> list[Meaning]:
    """Return *found* with what is the other side's marked as somebody else's. Never raises."""
    spelt = [folded(answer.name or answer.key) for answer in answers]
    words = frozenset(" ".join(spelt).split())
    every = calls.ours(answers, found, spelt)
    bought = bool(words & BUYERS)
    firms = [at for at, told in enumerate(every) if told.field == "company" and not told.other]
    for at in firms:
        account = len(firms) > 1 and spelt[at] in ACCOUNTS
        if account or _their_firm(spelt[at], _in_words(answers[at]), words):
            every[at] = every[at]._replace(about=True, field="")
    for at, label in enumerate(spelt if bought else ()):
        if _place(label) and not _in_words(answers[at]):
            every[at] = every[at]._replace(other=True)
    return every


def _in_words(answer: Answer) -> bool:
    """Return whether a label is in words, as people ask, and not a program's name."""
    return " " in answer.name.strip()


def _place(label: str) -> bool:
    """Return whether a program's name is of the place that a customer asked: `salon_phone`."""
    first, _, rest = label.rpartition(" | ")[2].partition(" ")
    return (first in PLACES and bool(rest)) or label.partition(" ")[0] in PLACES


def _their_firm(label: str, asked: bool, words: frozenset[str]) -> bool:
    """Return whether a label of a firm is that of whoever serves, hires or insures the lead."""
    first, last = label.partition(" ")[0], label.rpartition(" | ")[2]
    if last in PRESENT:
        return not words & CAREERS
    if last in PARTNERS:
        return "from" not in words  # a CRM's lead has an `email_from`
    if first in HIRING and " | " in label:
        return True
    served = bool(words & BUYERS and words & SERVING)
    return served and not asked and first in BUSINESSES
