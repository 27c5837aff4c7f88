"""The nearest counterfactual: the least that would have to be otherwise for another decision.

Told what had to differ, a person can check the one value that decided (Wachter, Mittelstadt and
Russell 2018, on GDPR Art. 22). A change is tried on the record and judged as any record is
(`services.dedup.retrial`), so what is said comes true for whoever posts the lead so changed: in
every case of a field that differs (`services.dedup.strangers`), and whoever else is like the known
lead.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from services.dedup import blocking, model
from services.dedup.contact import Line, Mailbox
from services.dedup.record import NAME, Record
from services.dedup.strangers import Case, strangers

Judged = tuple[float, str]
"""A match probability, and the action that follows; empty if that cannot be told."""

Judge = Callable[..., Judged]
"""Decides a record among the candidates of the lead; it may be told how many carry a value, that
a likelier lead than those that were read may be met, that all are met anyhow, or that nobody is to
be left out."""

CROWD = model.FEW + 1
"""People who share a number as if it were a switchboard's."""

TOLD = 0.005
"""Probabilities that differ by less are told as one."""

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
    bound: str = ""
    """`at most` or `at least` where the probability depends on what the fields say instead."""

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON can say it; it holds no value of a lead."""
        return {
            "fields": list(self.fields),
            "change": self.change,
            "match_probability": self.probability,
            "action_taken": self.action,
            "explanation": self.sentence,
        }

    def nearer(self, probability: float, now: float) -> "Counterfactual":
        """Return it with *probability*, if that is nearer to what it is *now*, as its bound."""
        if abs(probability - now) >= abs(self.probability - now):
            return self
        bound = _bound(now, (probability, self.probability)) or self.bound
        return self._replace(probability=probability, bound=bound)

    @property
    def sentence(self) -> str:
        """Return it as the customer reads it."""
        named = " and the ".join(field.replace("_", " ") for field in self.fields)
        verb = "were the known lead's" if self.change == AGREES else "differed"
        likely = f"{self.probability:.2f} {self.bound}".strip()
        return f"If the {named} {verb}: {likely}, {self.action}."


def nearest(
    own: Record,
    known: Sequence[Record],
    agreed: Collection[str],
    now: Judged,
    judge: Judge,
    said: Record | None = None,
    abroad: bool = False,
) -> Counterfactual | None:
    """Return the change of fewest fields, and among those of least effect, that changes the action.

    *known* are the candidates that the lead may be, the likeliest first, *agreed* the comparisons
    that speak for them, *now* what was decided. *said* is what the likeliest says itself, where
    it is known by more; *abroad* if the number of *own* tells its country. None if no change of
    two fields does, as where risk decided.
    """
    for change in CHANGES:
        if change == DIFFERS:
            parts = _alien(own, known, agreed, abroad)
        else:
            parts = _adopted(own, said or known[0], abroad)
        for count in (1, 2):
            found = (
                _flip(own, fields, change, [parts[each] for each in fields], now, judge)
                for fields in combinations(parts, count)
            )
            flips = sorted(
                (flip for flip in found if flip), key=lambda one: abs(one[0].probability - now[0])
            )
            for flip, record in flips:
                then = [judge(record, thoroughly=True, **met) for met in _MEETINGS[change]]
                if {action for _, action in then} == {flip.action}:
                    return flip.nearer(then[0][0], now[0])
    return None


Parts = dict[str, tuple[Case, ...]]
"""By field of a lead, what it would change in the record, in each case that there may be."""


def _flip(
    own: Record,
    fields: tuple[str, ...],
    change: str,
    cases: Sequence[tuple[Case, ...]],
    now: Judged,
    judge: Judge,
) -> tuple[Counterfactual, Record] | None:
    """Return what follows if *fields* are otherwise, and the record of which it does.

    None if nothing follows, or nothing sure.
    """
    meetings, records = _MEETINGS[change], list(_changed(own, cases))
    thens: list[Judged] = []
    for met, record in product(meetings, records):
        then = judge(record, **met)
        if then[1] in ("", now[1]) or (thens and then[1] != thens[0][1]):
            return None
        if change == AGREES and _uncertain(own, record, then[1], judge):
            return None
        thens.append(then)
    follows = zip(thens, records * len(meetings), strict=True)
    least, record = min(follows, key=lambda one: abs(one[0][0] - now[0]))
    return Counterfactual(fields, change, *least, _bound(now[0], [p for p, _ in thens])), record


_MEETINGS: dict[str, tuple[dict[str, bool], ...]] = {
    DIFFERS: ({"anyhow": True}, {}),
    AGREES: ({},),
}
"""Whom a lead so changed meets. That a value is nobody's does not tell what else leads to the lead,
such as a name that sounds alike: those whom it meets as it is may be met all the same."""


def _bound(now: float, then: Sequence[float]) -> str:
    """Return what the one of *then* that is nearest to *now* is to the others."""
    if max(then) - min(then) < TOLD:
        return ""
    return "at most" if min(then) < now else "at least"


def _changed(own: Record, cases: Sequence[tuple[Case, ...]]) -> Iterator[Record]:
    """Yield *own* with one case of each field, all cases in turn."""
    for chosen in product(*cases):
        values: dict[str, object] = {}
        for case in chosen:
            values |= case
        yield Record._make(map(values.get, Record._fields, own))  # half of what _replace takes


def _uncertain(own: Record, record: Record, action: str, judge: Judge) -> bool:
    """True if leads that were not read may stand in the way of *action*.

    Who else carries a number of the known lead's was not read, for the lead does not give it; nor
    were those who share with the known lead what the lead did not share with them.
    """
    taken = {"phone"} if record.phone != own.phone else set()
    taken |= {line.phone for line in record.other_lines if line not in own.other_lines}
    if taken and judge(record, dict.fromkeys(taken, CROWD))[1] != action:
        return True
    unread = {*blocking.keys(record)}.difference(blocking.keys(own))
    return bool(unread) and judge(record, likelier=True)[1] != action


def _alien(own: Record, known: Sequence[Record], agreed: Collection[str], abroad: bool) -> Parts:
    """Return each field that speaks for one of *known*, as if it were a stranger's."""
    telling = {field for comparison in agreed for field in _TOLD_BY.get(comparison, ())}
    return {
        field: cases
        for field, cases in strangers(known[0], abroad).items()
        if field in telling and _both_say(own, known, field, cases[0])
    }


def _both_say(own: Record, known: Iterable[Record], field: str, names: Collection[str]) -> bool:
    """True if *own* gives the *field* of these *names*, and one of *known* what agrees with it."""
    either = _WHEREVER.get(field)
    if either and not _says(own, names):
        return False
    if either:
        return any(_says(one, either) for one in known)
    return any(getattr(own, name) and any(getattr(one, name) for one in known) for name in names)


def _says(record: Record, names: Iterable[str]) -> bool:
    return any(getattr(record, name) for name in names)


def _adopted(own: Record, known: Record, abroad: bool) -> Parts:
    """Return each field in which *own* is not as *known*, taken from there.

    A country alone is no address: it may have been told by the telephone number. And in another
    country the lead's own number would be read as another one.
    """
    adopted = {
        field: {name: getattr(known, name) for name in names} for field, names in _PARTS.items()
    }
    if own.phone and known.country not in ("", own.country):
        del adopted["address"]
    else:
        adopted["address"]["country"] = known.country or own.country
    home: tuple[dict[str, object], ...] = ({}, {"country": known.country}) if abroad else ({},)
    return {
        field: tuple(values | there for there in (home if field == "phone" else ({},)))
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
