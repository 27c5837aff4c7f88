"""Parties: who of those that a form names is the lead.

`Tenant email` stands beside `Landlord email`; a seller is the lead of an estate agent, and the
other side of a buyer's. Whoever is plainly asked for (`Your email`) is the lead, and everybody else
is not. Where nobody is, or where a role only says the rest of one person (`Patient name` beside
`Phone`), the nearest role is: who fills in forms before whom they care for, and these before the
other sides of a contract (`phrases.STANDINGS`).
"""

from collections.abc import Sequence
from typing import NamedTuple

from services.dedup.intake.reading import composites, mail_heads, strangers, telephones, values
from services.dedup.intake.reading.given import known_given
from services.dedup.intake.reading.nothing import says_nothing
from services.dedup.intake.sent import Answer
from shared.labels.label import PLACE, WORK, Meaning
from shared.labels.phrases import STANDINGS
from shared.labels.senses import FROM

REACH = frozenset({"email", "phone"})
SIDE = STANDINGS.index("side")

MOST_NAME_WORDS = 5
"""Words of a name that is the whole answer under a role: `Tenant: Ann Lee`."""

OWNERS = frozenset(
    (
        *("owner", "inhaber", "inhaberin", "proprietaire", "propietario", "propietaria"),
        *("proprietario", "proprietaria", "eigenaar", "eigenaresse", "wlasciciel", "wlasciciela"),
    )
)

_FIELDS = {"name": "full_name"}
_NAMES = frozenset({"name", "full_name", "first_name", "last_name"})


class Party(NamedTuple):
    """Somebody who is named by a role: the words for it, where they stand, what they offer."""

    roles: frozenset[str]
    standing: int
    places: tuple[int, ...]
    offers: frozenset[str]
    mails: frozenset[str]
    """Addresses: two roles with the same one are one person."""
    asked: bool
    """Whether a label is in words (`Owner's name`), not a program's name (`owner_name`)."""


def resolved(answers: Sequence[Answer], found: Sequence[Meaning]) -> list[Meaning]:
    """Return *found*, what the answers' labels mean, with the lead's roles taken off.

    What any other role is named beside is somebody else's. Never raises.
    """
    if not any(told.roles for told in found):
        return strangers.left_out(answers, found, [told.field for told in found])
    ours = mail_heads.ours(answers, found)
    kinds = [_kind(*each) for each in zip(answers, found, strict=True)]
    parties = _parties(answers, found, kinds)
    own = [
        "" if _of_a_firm(answer, told) else kind
        for answer, told, kind in zip(answers, found, kinds, strict=True)
    ]
    plain = frozenset(k for k, told in zip(own, found, strict=True) if k and not told.roles)
    sure = frozenset(
        k for k, told in zip(own, found, strict=True) if k and not told.roles | told.unknown
    )
    leads, alone = _leads(parties, plain, sure, ours)
    places = {place for party in leads for place in party.places}
    named = alone and any("name" in party.offers for party in leads)
    settled = [_settled(told, kinds[at], at in places, named) for at, told in enumerate(found)]
    return strangers.left_out(answers, settled, kinds)


def _of_a_firm(answer: Answer, told: Meaning) -> bool:
    """Return whether an address or number is a firm's, in an object of its own: `company.phone`."""
    return told.field in REACH and told.rank == WORK and "." in answer.name.strip(".")


def _settled(told: Meaning, kind: str, own: bool, named: bool) -> Meaning:
    """Return what an answer's label means now that it is known who is the lead.

    *named* is whether the lead's role has a name of its own: any other is then another's.
    """
    if not told.roles:
        return told._replace(about=True, field="") if named and told.field in _NAMES else told
    if not own or not kind:
        return told._replace(other=True)
    known = told.field in _NAMES or told.field in (*REACH, "contact", "company")
    if kind == "company" or not known:
        return told._replace(field=_FIELDS.get(kind, kind), roles=frozenset(), standing=0)
    return told._replace(roles=frozenset(), standing=0)


def _leads(
    parties: list[Party], plain: frozenset[str], sure: frozenset[str], ours: frozenset[str]
) -> tuple[list[Party], bool]:
    """Return the parties that are the lead, and whether nobody else can be reached.

    *plain* is what the answers offer that name no role, and *sure* what those offer of them that
    are wholly understood; *ours* are the hosts that mails went to.
    """
    parties = [each for each in parties if not mail_heads.sent_by_us(each, ours)]
    reached = [
        each
        for each in parties
        if each.offers & REACH and not (sure if each.standing < SIDE else plain) & REACH
    ]
    if reached:
        return [min(reached, key=_nearness)], True
    fitting = [
        each
        for each in parties
        if each.offers - {"company"}
        and not each.offers & plain
        and (each.standing < SIDE or mail_heads.fits(each, bool(ours)) or _owns(each))
    ]
    return sorted(fitting, key=_nearness)[:1], False


def _nearness(party: Party) -> tuple[int, bool]:
    return party.standing, not mail_heads.answers_go_to(party.roles)


def _parties(
    answers: Sequence[Answer], found: Sequence[Meaning], kinds: Sequence[str]
) -> list[Party]:
    """Return everybody named by a role, in the order of the form; `Mum or dad` is one of both."""
    parties: list[Party] = []
    for at, told in enumerate(found):
        if not told.roles or told.other:
            continue
        mails = values.mails(values.text(values.simple(answers[at].value)).lower())
        offers, addresses = frozenset({kinds[at]} - {""}), frozenset(mails[:1])
        asked = " " in answers[at].name.strip()
        one = Party(told.roles, told.standing, (at,), offers, addresses, asked)
        for same in [each for each in parties if _same(each, one)]:
            parties.remove(same)
            one = _joined(same, one)
        parties.append(one)
    return sorted(parties, key=lambda each: each.places)


def _same(one: Party, other: Party) -> bool:
    return bool(one.roles & other.roles or one.mails & other.mails)


def _joined(one: Party, other: Party) -> Party:
    return Party(
        one.roles | other.roles,
        min(one.standing, other.standing),
        (*one.places, *other.places),
        one.offers | other.offers,
        one.mails | other.mails,
        one.asked and other.asked,
    )


def _owns(party: Party) -> bool:
    """True for an owner who is asked for as people ask; tools name whose a record is alike."""
    return bool(party.roles & OWNERS) and party.asked


def _kind(answer: Answer, told: Meaning) -> str:
    """Return `email`, `phone`, `name` or `company` if an answer offers that, by label and value."""
    if told.other or told.about:
        return ""
    said = values.simple(answer.value)
    text = values.text(said)
    if says_nothing(text):
        return ""
    if told.field in (*REACH, "contact") or (told.roles and told.field in ("", "street")):
        return _by_look(said, text, told)
    if told.field in _NAMES:
        return "company" if PLACE in told.roles else "name"
    return told.field if told.field == "company" else ""


def _by_look(said: object, text: str, told: Meaning) -> str:
    """Return what a value looks like whose label says no more than who, or how to reach them."""
    if isinstance(said, dict) and composites.parts(said).keys() & _NAMES:
        return "name"
    if found := values.mails(text)[:1]:
        return "" if told.roles and mail_heads.programs(found[0]) else "email"
    bare = FROM in told.roles and telephones.bare_number(text)
    if telephones.number(text) and (told.field or bare or telephones.one_number(text)):
        return "phone"
    if told.field or told.strange:
        return ""
    words = text.split() if values.person_name(text) else []
    if told.standing < SIDE:
        return "name" if 0 < len(words) <= MOST_NAME_WORDS else ""
    # A place may be *from* somewhere, and a firm be an owner.
    return "name" if len(words) in range(2, 5) and known_given(words[0]) else ""
