"""Understanding: from what a sender posted, in whatever words, to one canonical lead.

In this order: what the sender's own type says, what the saved map says, what the label says, and
at last what a value looks like, if it is the only one of its look. Nothing is made up, and what may
be somebody else's (a friend's address, the form's owner's) is left out rather than mistaken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.dedup.intake.reading import candidates, choosing, given, shapes, values
from services.dedup.intake.reading.candidates import SHAPE, Candidate
from services.dedup.intake.reading.consents import affirmative
from services.dedup.intake.reading.fitting import LIKELY
from services.dedup.intake.sent import Answer, Sent
from shared.labels import label
from shared.labels.spelling import folded
from shared.normalize import address

MOST_ANSWERS = 500
"""Answers of one submission that are read; `decoding` lets 2,000 fields pass, three an answer."""

MOST_UNMAPPED, LONGEST_NAME = 100, 80
"""Names of answers that are reported, and the characters of each."""

CONTACT = ("email", "phone")
NAMED = ("name", "first_name", "last_name")

_PERSONAL = re.compile(r"@|\d[\d\s().-]{6,}\d")


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which answer became which field, and how surely."""

    adapter: str
    fields: Mapping[str, str]
    """By field of the lead: the sender's name for it."""
    by: Mapping[str, str]
    """By field: `typed`, `saved`, `words` or `shape`."""
    confidence: float
    """Of the least sure field, in [0, 1]: 1 typed or saved, 0.95 a label wholly understood, 0.75 in
    part (or a value in the wrong box), 0.6 a value alone; 0 if there is no field."""
    unmapped: tuple[str, ...]
    """The sender's names of what was not taken."""
    needs_mapping: bool
    """True where a person should look: something was guessed, or the lead cannot be reached."""

    def as_dict(self) -> dict[str, Any]:
        """Return this as the answer shows it."""
        return {
            "adapter": self.adapter,
            "fields": dict(self.fields),
            "by": dict(self.by),
            "confidence": self.confidence,
            "unmapped": list(self.unmapped),
            "needs_mapping": self.needs_mapping,
        }


@dataclass(frozen=True, slots=True)
class Understood:
    """A lead's fields (`shared.lead_fields.FIELDS`), and what became of the answers."""

    fields: dict[str, str] = field(repr=False)
    mapping: Mapped
    answers: tuple[Answer, ...] = field(default=(), repr=False)

    def consented(self, field_name: str) -> bool:
        """Return whether the answer under that key or name says yes; False if there is none."""
        wanted = folded(field_name)
        exact = [a for a in self.answers if field_name in (a.key, a.name)]
        same = exact or [a for a in self.answers if wanted in (folded(a.key), folded(a.name))]
        return bool(same) and all(affirmative(each.value) for each in same)


def understood(sent: Sent, field_map: Mapping[str, str], adapter: str) -> Understood:
    """Return what *sent* says about the lead.

    *field_map* is the saved one: by an answer's key or name, a field or `ignore`. Never raises,
    whatever the answers' values are.
    """
    answers = list(sent.answers[:MOST_ANSWERS])
    offered = candidates.offered(answers, field_map)
    best = choosing.chosen(offered.candidates)
    missing = _missing(best.fields)
    if missing and offered.unread:
        country = best.fields.get("country")
        home = address.country_code(country.text) if country else None
        mail = best.fields["email"].text if "email" in best.fields else ""
        shaped = shapes.guessed(offered.unread, missing, home or "", mail)
        if shaped:
            best = choosing.chosen([*offered.candidates, *shaped])
    return Understood(
        _texts(best), _mapped(best, answers, offered.dropped, adapter), tuple(answers)
    )


def warm() -> None:
    """Load the tables now, so that no lead waits for them (0.4 s)."""
    label.warm()
    given.known_given("warm")
    address.country_code("warm")


def _missing(fields: Mapping[str, Candidate]) -> frozenset[str]:
    missing = {name for name in (*CONTACT, "company") if name not in fields}
    if not any(name in fields for name in NAMED):
        return frozenset({*missing, "name"})
    halved = "name" not in fields or len(fields["name"].text.split()) == 1
    if missing and halved and not {"first_name", "last_name"} <= fields.keys():
        missing.add("last_name")
    return frozenset(missing)


def _texts(best: choosing.Chosen) -> dict[str, str]:
    texts = {
        name: each.text[: values.LONGEST_MESSAGE if name == "message" else values.LONGEST]
        for name, each in best.fields.items()
    }
    for name, others in best.others.items():
        joined = ", ".join(each.text for each in others)
        if joined and len(joined) <= values.LONGEST:
            texts[name] = joined
    return {name: text for name, text in texts.items() if text}


def _mapped(
    best: choosing.Chosen, answers: list[Answer], dropped: set[int], adapter: str
) -> Mapped:
    taken = dict(best.fields) | {name: each[0] for name, each in best.others.items() if each}
    places = {each.place for each in best.fields.values()}
    places |= {each.place for others in best.others.values() for each in others}
    vital = [taken[name] for name in (*CONTACT, *NAMED, "company") if name in taken]
    guessed = any(each.by == SHAPE or each.sure < LIKELY for each in vital)
    left = [at for at in range(len(answers)) if at not in places and at not in dropped]
    return Mapped(
        adapter=adapter,
        fields={name: _shown(answers[each.place], each.place) for name, each in taken.items()},
        by={name: each.by for name, each in taken.items()},
        confidence=min((each.sure for each in taken.values()), default=0.0),
        unmapped=tuple(_shown(answers[at], at) for at in left[:MOST_UNMAPPED]),
        needs_mapping=guessed or best.guessed or not any(name in taken for name in CONTACT),
    )


def _shown(answer: Answer, place: int) -> str:
    """Return an answer's name, unless it is itself what somebody filled in."""
    name = values.plain((answer.name or answer.key)[: LONGEST_NAME * 4])[:LONGEST_NAME]
    return f"field {place + 1}" if not name or _PERSONAL.search(name) else name
