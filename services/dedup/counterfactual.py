"""The nearest counterfactual: the least that would have to be otherwise for another decision.

Told what had to differ, a person can check the one value that decided (Wachter, Mittelstadt and
Russell 2018, on GDPR Art. 22). A change is tried on the record and judged as any record is
(`services.dedup.retrial`), so what is said comes true for whoever posts the lead so changed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from services.dedup import model
from services.dedup.contact import Line, Mailbox
from services.dedup.record import NAME, Record
from shared.normalize.company import Company

Judged = tuple[float, str]
"""A match probability, and the action that follows."""

Judge = Callable[..., Judged]
"""Decides a record among the candidates of the lead; it may be told how many carry a value."""

CROWD = model.FEW + 1
"""People who share a number as if it were a switchboard's."""


CHANGES = DIFFERS, AGREES = ("differs", "agrees")
"""Ways to be otherwise: as if somebody else's, as the known lead's."""


class Counterfactual(NamedTuple):
    """What would change the decision."""

    fields: tuple[str, ...]
    """The lead's fields that would have to be otherwise, one or two."""
    change: str
    """`differs`: were they somebody else's; `agrees`: were they the known lead's."""
    probability: float
    """Match probability then."""
    action: str
    """Action then."""

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON can say it; it holds no value of a lead."""
        return {
            "fields": list(self.fields),
            "change": self.change,
            "match_probability": self.probability,
            "action_taken": self.action,
            "explanation": self.sentence,
        }

    @property
    def sentence(self) -> str:
        """Return it as the customer reads it."""
        named = " and the ".join(field.replace("_", " ") for field in self.fields)
        verb = "were the known lead's" if self.change == AGREES else "differed"
        return f"If the {named} {verb}: {self.probability:.2f}, {self.action}."


def nearest(
    own: Record, known: Record, agreed: Collection[str], now: Judged, judge: Judge
) -> Counterfactual | None:
    """Return the change of fewest fields, and among those of least effect, that changes the action.

    *known* is the likeliest candidate, *agreed* the comparisons that speak for it, *now* what was
    decided. None if no change of two fields does, as where risk decided.
    """
    probability, action = now
    for change, parts in ((DIFFERS, _alien(own, known, agreed)), (AGREES, _adopted(own, known))):
        for count in (1, 2):
            flips = []
            for fields, record in _combined(own, parts, count):
                then = judge(record)
                if then[1] != action and not _uncertain(change, fields, record, action, judge):
                    flips.append(Counterfactual(fields, change, *then))
            if flips:
                return min(flips, key=lambda one: abs(one.probability - probability))
    return None


def _uncertain(
    change: str, fields: tuple[str, ...], record: Record, action: str, judge: Judge
) -> bool:
    """True if the change rests on a number of the known lead's being nobody else's.

    Who else carries it was not read, for the lead does not give it.
    """
    taken = {"phone"} & {*fields}
    if "other_phone" in fields:
        taken |= {line.phone for line in record.other_lines}
    if change != AGREES or not taken:
        return False
    return judge(record, dict.fromkeys(taken, CROWD))[1] == action


Parts = dict[str, dict[str, object]]
"""By field of a lead, what it would change in the record."""


def _combined(own: Record, parts: Parts, count: int) -> Iterator[tuple[tuple[str, ...], Record]]:
    for fields in combinations(parts, count):
        changed = {name: value for field in fields for name, value in parts[field].items()}
        yield fields, own._replace(**changed)  # type: ignore[arg-type] # by the tables below


def _alien(own: Record, known: Record, agreed: Collection[str]) -> Parts:
    """Return each field that speaks for *known*, as if it were a stranger's."""
    telling = {field for comparison in agreed for field in _TOLD_BY.get(comparison, ())}
    return {
        field: strange
        for field, strange in _STRANGERS.items()
        if field in telling and _both_say(own, known, field, strange)
    }


def _both_say(own: Record, known: Record, field: str, names: Iterable[str]) -> bool:
    """True if *own* gives the *field* of these *names*, and *known* what agrees with it."""
    either = _WHEREVER.get(field)
    if either is None:
        return any(getattr(own, name) and getattr(known, name) for name in names)
    return any(getattr(own, name) for name in names) and any(
        getattr(known, name) for name in either
    )


def _adopted(own: Record, known: Record) -> Parts:
    """Return each field in which *own* is not as *known*, taken from there.

    A country alone is no address: it may have been told by the telephone number.
    """
    adopted = {
        field: {name: getattr(known, name) for name in names} for field, names in _PARTS.items()
    }
    return {
        field: values
        for field, values in adopted.items()
        if any(
            value and value != getattr(own, name)
            for name, value in values.items()
            if name != "country"
        )
    }


_WHEREVER = {
    **dict.fromkeys(("email", "other_email"), ("email", "other_mailboxes")),
    **dict.fromkeys(("phone", "other_phone"), ("phone", "other_lines")),
}
"""By field of a lead, where the other lead may say the same: as its first or as a further one."""

_PARTS = {
    "email": Mailbox._fields,
    "other_email": ("other_mailboxes",),
    "phone": Line._fields,
    "other_phone": ("other_lines",),
    "name": NAME,
    "company": ("company",),
    "date_of_birth": ("born",),
    "address": ("street", "city", "postal_code", "country"),
}
"""What each field of a lead is in its record; an address is street, city, postal code, country."""

_TOLD_BY = {
    "email": ("email", "other_email"),
    "phone": ("phone", "other_phone"),
    "name": ("name",),
    "mailbox": ("email", "other_email", "name"),
    "organisation": ("company", "email", "other_email"),
    "birth": ("date_of_birth",),
    "place": ("address",),
    "fingerprint": ("email", "other_email", "phone", "other_phone", "name", "company"),
}
"""By comparison, the fields of a lead that it rests on."""

_NOWHERE = "stranger.invalid"
_MAILBOX = Mailbox(f"q0x7@{_NOWHERE}", f"q0x7@{_NOWHERE}", "q0x7", _NOWHERE, False, "")
_OTHER_MAILBOX = Mailbox(f"q0x8@{_NOWHERE}", f"q0x8@{_NOWHERE}", "q0x8", _NOWHERE, False, "")
_OTHER_LINE = Line("+99900000000002", "99900000000002", "", mobile=False, unplaced=False)

_STRANGERS: Parts = {
    "email": _MAILBOX._asdict(),
    "other_email": {"other_mailboxes": (_OTHER_MAILBOX,)},
    "phone": {"phone": "+99900000000001", "national": "99900000000001", "extension": ""},
    "other_phone": {"other_lines": (_OTHER_LINE,)},
    "name": {
        **{"given": "qoxq", "middle": "", "family": "xqoqx", "generation": ""},
        **{"given_sound": "KSK", "family_sound": "KSKOK", "script": "", "roots": ("qoxq",)},
        "family_roots": (),
    },
    "company": {"company": Company("qoxq", ("qoxq",), "", frozenset())},
    "date_of_birth": {"born": "1880-10-31"},
    "address": {"street": "0 qoxq", "city": "qoxq", "postal_code": "Q0X0"},
}
"""Each field as nobody has it."""
