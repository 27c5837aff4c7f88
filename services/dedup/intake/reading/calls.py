"""Calls and messages: which number is the lead's, and which is ours.

A telephone exchange, a call tracker or a messenger tells both ends. The lead is who called or
wrote; of a call that we made, who was called.
"""

from collections.abc import Sequence

from services.dedup.intake.reading import values
from services.dedup.intake.sent import Answer
from shared.labels.label import Meaning
from shared.labels.senses import FROM

CALLS = frozenset(
    (
        *("tracking number", "tracking phone number", "call sid", "callsid", "call id", "callid"),
        *("caller number", "caller phone number", "caller id", "caller name", "called number"),
        *("call status", "call duration", "wa id", "waid", "whatsapp id", "profile name"),
        *("sms message sid", "smsmessagesid", "sms sid", "account sid", "num media", "from city"),
        *("agent id", "call status", "call analysis", "from number", "call summary"),
        *("customer phone number", "message sid", "last text", "last message", "call type"),
    )
)
"""Labels that only a telephone exchange or a messenger has."""

OWN_NUMBERS = frozenset({"business", "company", "office", "our", "main", "channel", "agent"})
"""How the number begins that was called or written to, among such labels."""

OWN_FIRMS = frozenset({"account name", "business", "business name", "workspace name"})
"""Whose the exchange's account is, among such labels."""

OUTWARDS = ("out", "ausgehend", "sortant", "saliente", "uscita", "uitgaand", "wychodz")
"""How the word for a call begins that we made."""

DIRECTIONS = frozenset({"direction", "call direction", "call type", "type", "richtung"})
CALLED = frozenset(
    (
        *("to", "called", "called number", "destination", "destination number", "to number"),
        *("to phone", "callee", "callee number", "dialed number", "dialled number"),
    )
)


def ours(
    answers: Sequence[Answer], found: Sequence[Meaning], spelt: Sequence[str]
) -> list[Meaning]:
    """Return *found* with our own numbers marked as somebody else's; *spelt* are the labels."""
    last = [label.rpartition(" | ")[2] for label in spelt]
    every = list(found)
    if CALLS & set(last):
        every = [_called(*each) for each in zip(last, every, strict=True)]
    if any(_outwards(*each) for each in zip(answers, last, strict=True)):
        every = [_turned(*each) for each in zip(last, every, strict=True)]
    return every


def _called(label: str, told: Meaning) -> Meaning:
    """Return *told*, as somebody else's if it is the number that was called."""
    own = told.field == "phone" and label.partition(" ")[0] in OWN_NUMBERS
    own = own or (told.field == "company" and label in OWN_FIRMS)
    return told._replace(other=True) if own else told


def _outwards(answer: Answer, label: str) -> bool:
    """Return whether an answer says that the call was made by us."""
    said = values.text(values.simple(answer.value)) if label in DIRECTIONS else ""
    return said.lower().startswith(OUTWARDS)


def _turned(label: str, told: Meaning) -> Meaning:
    """Return what a label means in a call that we made: it is from us, and to the lead."""
    if label in CALLED:
        return Meaning("phone")
    return told._replace(other=True) if FROM in told.roles else told
