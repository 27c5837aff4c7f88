"""Hard negatives: people who have nothing to do with each other, and something in common."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bench.judge import phones
from bench.judge.names import Name, cultures
from bench.judge.stage import Encore, Lead, Scene, Stage, local_part
from bench.judge.workplaces import unlike
from bench.judge.world import Person, handle

BLANKS = ("0000000000", "1234567890", "+1 000 000 0000", "9999999999", "000-0000", "1111111111")
"""What people type where a number is demanded and none is given."""

DUMMIES = ("test@test.com", "a@a.com", "none@none.com", "noemail@noemail.com", "asdf@asdf.com",
           "no@mail.com", "example@example.com", "na@na.com")  # fmt: skip
"""What people type where an address is demanded and none is given."""


def namesake(stage: Stage, me: Person, **shared: Any) -> Person:
    """Return somebody else of the same name, with own mailboxes, numbers and firm."""
    return stage.world.like(
        me, given=me.given, family=me.family, second=me.second, sex=me.sex, **shared
    )


def same_name_elsewhere(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A namesake in another country."""
    other = namesake(stage, me)
    country = stage.world.country()
    while country == me.country:
        country = stage.world.country()
    away = stage.world.person(country)
    other = replace(
        away, given=other.given, family=other.family, second=other.second, sex=other.sex,
        native=False, culture=me.culture, middle=None,
    )  # fmt: skip
    other = stage.world.with_mailboxes(other)
    return Encore(other, stage.fill(other, "split mail mobile company? country"))


def same_name_in_country(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A namesake in another town of the country, with another firm."""
    other = namesake(stage, me)
    return Encore(
        other, stage.fill(elsewhere(stage, other, me), "split mail|work mobile company city")
    )


def same_name_same_town(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A namesake in the same big town: a common name, another birthday, number and mailbox."""
    other = namesake(stage, me, city=me.city)
    return Encore(other, stage.fill(other, "name mail mobile city dob"))


def same_name_two_numbers(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A common name, another mailbox and number, nothing more: most are two people, not all."""
    other = namesake(stage, me)
    return Encore(other, stage.fill(other, "name mail mobile"), ambiguous=True)


def same_local_part(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Namesakes with one local part at two providers; town, number and birthday differ."""
    local, domain = local_part(me.mail)
    other = elsewhere(stage, namesake(stage, me), me)
    taken = "inbox.com" if domain != "inbox.com" else "mail.com"
    again = stage.fill(other, "split mobile city dob") | {"email": f"{local}@{taken}"}
    return Encore(other, again)


def numbered_mailboxes(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Namesakes at one provider who differ in the number after the name; town and phone differ."""
    first, last = handle(me.given), handle(me.family or me.given)
    other = elsewhere(stage, namesake(stage, me), me)
    one, two = stage.rng.sample(range(60, 100), 2)
    domain = local_part(me.mail)[1]
    tail = 1000 * me.number
    lead["email"] = f"{first}.{last}{tail + one}@{domain}"
    again = stage.fill(other, "split mobile city dob?")
    return Encore(other, again | {"email": f"{first}.{last}{tail + two}@{domain}"})


def same_romanisation(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two names that only Latin letters make one: other characters, mailbox, mobile and firm."""
    given = next(name for name in _homophones(stage, me) if name.native != me.given.native)
    other = replace(namesake(stage, me), given=given, native=True)
    return Encore(other, stage.fill(other, "split mail mobile company"))


def near_phone(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Somebody else whose number differs by one digit."""
    other = replace(unlike(stage, me), mobile=phones.slipped(stage.rng, me.mobile))
    return Encore(other, stage.fill(other, "name mail mobile"))


def sequential_phones(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two strangers bought their cards one after the other."""
    national = me.mobile.national
    last = (int(national[-3:]) + 1) % 1000
    number = me.mobile.altered(f"{national[:-3]}{last:03}")
    other = replace(unlike(stage, me), mobile=number)
    return Encore(other, stage.fill(other, "name mail? mobile city?"))


def near_mailbox(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One family name, mailboxes that differ by the initial; given name, number and town differ."""
    other = elsewhere(stage, unlike(stage, me, family=me.family), me)
    last, domain = handle(me.family or me.given), local_part(me.mail)[1]
    one, two = handle(me.given)[:1], handle(other.given)[:1]
    two = two if two != one else handle(other.given)[:4]
    lead["email"] = f"{one}.{last}{me.number}@{domain}"
    again = stage.fill(other, "split mobile city")
    return Encore(other, again | {"email": f"{two}.{last}{me.number}@{domain}"})


def recycled_number(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The number went back to the carrier: most of a year later another name and mailbox."""
    other = replace(elsewhere(stage, unlike(stage, me), me), mobile=me.mobile)
    return Encore(other, stage.fill(other, "name mail mobile city?"), (200, 330))


def recycled_number_nameless(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The number most of a year later with another mailbox and no name: nobody can be sure."""
    other = replace(unlike(stage, me), mobile=me.mobile)
    return Encore(other, stage.fill(other, "mail mobile"), (200, 330), ambiguous=True)


def hotel_desk(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two guests of one hotel give the number of its front desk."""
    other = stage.world.person()
    again = stage.fill(other, "name mail") | {"phone": phones.international(me.firm.office)}
    lead["phone"] = me.firm.office.e164
    return Encore(other, again, (0.5, 40))


def call_centre_number(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The agent types the call centre's own number for each caller."""
    lead["phone"] = me.firm.office.e164
    other = elsewhere(stage, unlike(stage, me), me)
    again = stage.fill(other, "name mail city?") | {"phone": lead["phone"]}
    return Encore(other, again, (0.01, 5), ip=me.ip, source="call-list")


def placeholder_phone(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two people type the same digits because the form demands a number."""
    blank = stage.one_of(*BLANKS)
    lead["phone"] = blank
    other = unlike(stage, me)
    return Encore(other, stage.fill(other, "name mail") | {"phone": blank})


def placeholder_mail(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two people type test@test.com because the form demands an address."""
    lead["email"] = stage.one_of(*DUMMIES)
    other = unlike(stage, me)
    return Encore(other, stage.fill(other, "name mobile city?") | {"email": lead["email"]})


def placeholder_name(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two people call themselves Test or asdf, with own mailboxes and numbers."""
    name = stage.one_of("Test Test", "asdf asdf", "xxx", "Anonymous", "n/a n/a", "Mr X")
    lead["name"] = name
    other = unlike(stage, me)
    return Encore(other, stage.fill(other, "mail mobile?") | {"name": name})


def placeholder_company(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two people are `self-employed` and have one given name."""
    lead["company"] = stage.one_of(
        "Self-employed", "Freelance", "Private", "None", "N/A", "Student"
    )
    other = unlike(stage, me, given=me.given, sex=me.sex)
    return Encore(other, stage.fill(other, "split mail mobile?") | {"company": lead["company"]})


def carrier_ip(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two telephones behind one carrier's address at once."""
    other = unlike(stage, me)
    return Encore(other, stage.fill(other, "name mail? mobile"), (0.0001, 0.01), ip=me.ip)


def conference_wifi(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two visitors with one given name fill in the same form on the conference's net."""
    other = unlike(stage, me, given=me.given, sex=me.sex)
    return Encore(other, stage.fill(other, "split work company title"), (0.001, 0.4), ip=me.ip)


def same_birthday(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One given name, one date of birth, one town; family name, number and mailbox differ."""
    other = unlike(stage, me, given=me.given, sex=me.sex, born=me.born, city=me.city)
    return Encore(other, stage.fill(other, "split mail mobile dob city"))


def same_family_same_birthday(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One common family name and date of birth in two towns."""
    other = elsewhere(stage, unlike(stage, me, family=me.family, born=me.born), me)
    return Encore(other, stage.fill(other, "split mail dob city postal"))


def first_name_only(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One given name on two newsletters, two mailboxes."""
    other = unlike(stage, me, given=me.given, sex=me.sex)
    return Encore(other, stage.fill(other, "first mail"), source="newsletter")


def same_digits_other_country(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The same national digits in two countries: other names and mailboxes."""
    other = elsewhere(stage, unlike(stage, me), me)
    code = "351" if me.mobile.code != "351" else "353"
    other = replace(other, mobile=phones.Number(code, "", me.mobile.groups))
    again = stage.fill(other, "name mail")
    return Encore(other, again | {"phone": phones.international(other.mobile)})


def elsewhere(stage: Stage, other: Person, me: Person) -> Person:
    """Return *other*, living in another town than *me* where the country has two."""
    for _ in range(20):
        if other.city != me.city:
            break
        city, postal, street = stage.world.place(other.country)
        other = replace(other, city=city, postal=postal, street=street)
    return other


def _homophones(stage: Stage, me: Person) -> Iterator[Name]:
    own = {"Wei": "维", "Ming": "铭", "Hua": "桦", "Jun": "君", "Jie": "洁", "Yu": "雨",
           "Ying": "颖", "Li": "莉", "Jian": "剑", "Hao": "昊"}  # fmt: skip
    native = me.given.native or ""
    parts = {n.usual: n.native for part in "st" for n, _ in cultures()[me.culture].common[part]}
    for latin, other in own.items():
        here = parts.get(latin)
        if here and here in native:
            yield Name(me.given.latin, native.replace(here, other), ())


def _has_homophone(me: Person) -> bool:
    return any(sign in (me.given.native or "") for sign in "伟华丽")


def _native(stage: Stage, me: Person) -> Person:
    return replace(me, native=True)


def _named(me: Person) -> bool:
    return me.family is not None


def _common(me: Person) -> bool:
    if me.family is None or me.second or "s" in cultures()[me.culture].common:
        return me.family is not None and me.second is None
    names = cultures()[me.culture]
    return names.is_common(me.family, "l") and names.is_common(me.given, me.sex)


SCENES = {
    "same_name_elsewhere": Scene(
        same_name_elsewhere, "split mail mobile company? country?", can=_named, weight=1.5
    ),
    "same_name_in_country": Scene(
        same_name_in_country, "split mail|work mobile company city", can=_named, weight=1.5
    ),
    "same_name_same_town": Scene(same_name_same_town, "name mail mobile city dob", can=_common),
    "same_name_two_numbers": Scene(
        same_name_two_numbers, "name mail mobile", can=_common, weight=0.5
    ),
    "same_local_part": Scene(same_local_part, "split mail mobile city dob", can=_common),
    "numbered_mailboxes": Scene(numbered_mailboxes, "split mail mobile city dob?", can=_common),
    "same_romanisation": Scene(
        same_romanisation, "split mail mobile company", "zh", can=_has_homophone, before=_native
    ),
    "near_phone": Scene(near_phone, "name mail mobile"),
    "sequential_phones": Scene(sequential_phones, "name mail? mobile city?"),
    "near_mailbox": Scene(near_mailbox, "split mail mobile city", can=_named),
    "recycled_number": Scene(recycled_number, "name mail mobile city?"),
    "recycled_number_nameless": Scene(recycled_number_nameless, "name mail mobile", weight=0.4),
    "hotel_desk": Scene(hotel_desk, "name mail mobile"),
    "call_centre_number": Scene(call_centre_number, "name mail mobile city?"),
    "placeholder_phone": Scene(placeholder_phone, "name mail mobile"),
    "placeholder_mail": Scene(placeholder_mail, "name mail mobile city?"),
    "placeholder_name": Scene(placeholder_name, "name mail mobile?"),
    "placeholder_company": Scene(placeholder_company, "split mail mobile? company"),
    "carrier_ip": Scene(carrier_ip, "name mail? mobile"),
    "conference_wifi": Scene(conference_wifi, "split work company title"),
    "same_birthday": Scene(same_birthday, "split mail mobile dob city"),
    "same_family_same_birthday": Scene(
        same_family_same_birthday, "split mail dob city postal", can=_named
    ),
    "first_name_only": Scene(first_name_only, "first mail"),
    "same_digits_other_country": Scene(same_digits_other_country, "name mail mobile"),
}
"""Kinds of this file."""
