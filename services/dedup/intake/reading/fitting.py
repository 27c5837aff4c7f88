"""Fitting: what a text is as a field, or what it plainly is instead.

An address in the box for the number is an address; a name in the box for the address a name.
"""

import re
from collections.abc import Iterator

from services.dedup.intake.reading import telephones, values
from services.dedup.intake.reading.nothing import no_firm
from services.dedup.intake.sent import Answer
from shared.labels import label
from shared.labels.label import Meaning
from shared.labels.spelling import folded
from shared.normalize.address import country_code

SURE, LIKELY, GUESSED, SHAPED = 1.0, 0.95, 0.75, 0.6
"""Confidence: typed or saved; a label wholly understood; a label in part, or a value in the wrong
box; a value alone. Judgement, so that 0.9 parts what was said from what was guessed."""

MOST_ITEMS = 5
"""Items of a list, and addresses in one text, that are looked at."""

NAMES = ("name", "full_name", "first_name", "last_name")
_HONORIFICS = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "m", "mme", "mlle"),
        *("sr", "sra", "srta", "sig", "dott", "dhr", "mevr", "pan", "pani", "dr. med", "ing"),
    )
)
"""What stands in a box for a title and is no job."""

_STRANGE_CHARACTERS = 2
"""Of a label without spaces, what may stand beside *company*; an unknown word may say whose it is
(`Shipping company`), and then the value must tell (`shapes`)."""

_BRAZILIAN_POST = re.compile(r"\d{5}-?\d{3}")
"""A CEP is a code of the post in Brazil, and a mobile in Turkey, whose numbers are longer."""

_STATES_TOO = frozenset(("georgia", "mexico", "niger", "luxembourg", "luxemburg"))
"""Countries' names that states have, too."""

LONGEST_CODE = 3
"""Letters of a country's code. Poles call a country *kraj*, Czechs a region, by its whole name."""

_BETWEEN = re.compile(r"[,;|\n]+|\s/\s")


def fitting(
    field: str, text: str, answer: Answer, told: Meaning, worded: bool
) -> Iterator[tuple[str, str, float]]:
    """Yield what *text* is as *field*: field, text, and how far that is believed, in [0, 1].

    *worded* is whether nothing but the *answer*'s label, which means *told*, says that it is.
    """
    if field in ("email", "other_email"):
        yield from _mail(field, text, told)
    elif field in ("phone", "other_phone"):
        if _BRAZILIAN_POST.fullmatch(text) and folded(answer.name or answer.key) == "cep":
            yield "postal_code", text, SURE
        else:
            yield from _phone(field, text, told)
    elif field == "state" and _country(text, answer):
        yield "country", text, LIKELY
    elif field == "contact":
        yield from _contact(text, told)
    elif field in NAMES:
        yield from _name(field, text)
    elif field == "company":
        strangers = _STRANGE_CHARACTERS if label.spaceless(answer.name) else 0
        if not worded or told.strange <= strangers:
            yield from _company(text)
    elif field == "message":
        # Choices are no message, whatever was asked.
        if not isinstance(values.simple(answer.value), list):
            yield field, values.written(answer.value), SURE
    elif field == "dial_code":
        if text.startswith("+") and (number := telephones.one_number(text)):
            yield "phone", number, GUESSED
        elif len(text) <= 60:
            yield field, text, SURE
    elif field == "website":
        if values.site(text) and not (told.strange and worded):
            yield field, text, SURE
    elif field == "job_title" and text.lower().rstrip(".") in _HONORIFICS:
        return
    elif text and not values.one_mail(text) and text.lower() not in values.BOOLEAN:
        yield field, text, SURE


def _country(text: str, answer: Answer) -> bool:
    """True if what stands in the box for the state is a country: its name, or *kraj* and a code."""
    if len(text) <= LONGEST_CODE and folded(answer.name or answer.key) != "kraj":
        return False  # CA is California's, too
    return folded(text) not in _STATES_TOO and country_code(text) is not None


def _contact(text: str, told: Meaning) -> Iterator[tuple[str, str, float]]:
    """Yield what a box for any of them holds: an address, a number, or who is to be reached."""
    for part in map(str.strip, _BETWEEN.split(text)[:MOST_ITEMS]):
        found = list(_mail("email", part, told) if "@" in part else _phone("phone", part, told))
        if not found and len(part.split()) in range(2, 5) and values.person_name(part):
            found = [("name", part, GUESSED)]
        yield from found


def _mail(field: str, text: str, told: Meaning) -> Iterator[tuple[str, str, float]]:
    found = values.mails(text)
    if told.about and not values.one_mail(text):
        return
    for address in found[:MOST_ITEMS]:
        yield field, address, SURE
    if "<" in text and (shown := _shown(text)) and not told.about:
        yield "name", shown, GUESSED
    if not found and not told.about and (number := telephones.one_number(text)):
        yield "phone", number, GUESSED


def _phone(field: str, text: str, told: Meaning) -> Iterator[tuple[str, str, float]]:
    address = values.one_mail(text)
    if address:
        yield "email", address, GUESSED
    elif number := (telephones.one_number(text) if told.about else telephones.number(text)):
        yield field, number, SURE


def _name(field: str, text: str) -> Iterator[tuple[str, str, float]]:
    if address := values.one_mail(text):
        yield "email", address, GUESSED
        if shown := _shown(text):
            yield field, shown, SURE
        return
    if not values.person_name(text):
        if number := telephones.one_number(text):
            yield "phone", number, GUESSED
        return
    yield field, text, SURE


def _shown(text: str) -> str:
    """Return the name before an address in angle brackets; empty if there is none."""
    shown, bracket, _ = text.partition("<")
    shown = shown.strip(" \"'")
    return shown if bracket and values.person_name(shown) and "@" not in shown else ""


def _company(text: str) -> Iterator[tuple[str, str, float]]:
    if address := values.one_mail(text):
        yield "email", address, GUESSED
    elif values.surely_site(text):
        yield "website", text, GUESSED
    elif values.letters(text) and text.lower() not in values.BOOLEAN and not no_firm(text):
        yield "company", text, SURE
