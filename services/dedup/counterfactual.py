"""The nearest counterfactual: the least that would have to be otherwise for another decision.

Told what had to differ, a person can check the one value that decided (Wachter, Mittelstadt and
Russell 2018, on GDPR Art. 22). A change is tried on the record and judged as any record is
(`services.dedup.retrial`), so what is said comes true for whoever posts the lead so changed.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import combinations
from typing import NamedTuple

from services.dedup import model
from services.dedup.record import NAME, Record
from shared.normalize.company import Company

Judged = tuple[float, str]
"""A match probability, and the action that follows."""

Judge = Callable[..., Judged]
"""Decides a record among the candidates of the lead; it may be told how many carry a value."""

CROWD = {"phone": model.FEW + 1}
"""As if the number were a switchboard's."""


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
    return change == AGREES and "phone" in fields and judge(record, CROWD)[1] == action


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
        if field in telling and any(getattr(own, name) and getattr(known, name) for name in strange)
    }


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


_PARTS = {
    "email": ("email", "mailbox", "local", "email_domain", "role", "organisation"),
    "phone": ("phone", "national", "extension", "mobile"),
    "name": NAME,
    "company": ("company",),
    "date_of_birth": ("born",),
    "address": ("street", "city", "postal_code", "country"),
}
"""What each field of a lead is in its record; an address is street, city, postal code, country."""

_TOLD_BY = {
    "email": ("email",),
    "phone": ("phone",),
    "name": ("name",),
    "mailbox": ("email", "name"),
    "organisation": ("company", "email"),
    "birth": ("date_of_birth",),
    "place": ("address",),
    "fingerprint": ("email", "phone", "name", "company"),
}
"""By comparison, the fields of a lead that it rests on."""

_STRANGERS: Parts = {
    "email": {
        "email": "q0x7@stranger.invalid",
        "mailbox": "q0x7@stranger.invalid",
        "local": "q0x7",
        "email_domain": "stranger.invalid",
        "role": False,
        "organisation": "",
    },
    "phone": {"phone": "+99900000000001", "national": "99900000000001", "extension": ""},
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
