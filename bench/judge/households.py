"""Hard negatives: people of one home, one family, one building."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench.judge import phones
from bench.judge.stage import Encore, Lead, Scene, Stage, in_script
from bench.judge.workplaces import unlike
from bench.judge.world import Person, culture_of


def housemate(stage: Stage, me: Person, **shared: Any) -> Person:
    """Return another person at *me*'s address with another given name."""
    home = {"city": me.city, "street": me.street, "postal": me.postal, "ip": me.ip}
    return unlike(stage, me, **home | shared)


def couple_one_mobile(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A couple books the same viewing: one mobile, two names, two mailboxes."""
    sex = "m" if me.sex == "f" else "f"
    other = housemate(stage, me, family=me.family, mobile=me.mobile, sex=sex)
    again = stage.fill(other, "name mail mobile city?")
    return Encore(other, again, (0.001, 20), ip=me.ip, source="house-viewing")


def couple_two_names(stage: Stage, me: Person, lead: Lead) -> Encore:
    """An unmarried couple gives one mobile: nothing in the names agrees."""
    other = housemate(stage, me, mobile=me.mobile)
    return Encore(other, stage.fill(other, "split mail mobile"), (0.001, 60), ip=me.ip)


def family_line(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One fixed line at home, one family name, two given names."""
    other = housemate(stage, me, family=me.family, home=me.home)
    return Encore(other, stage.fill(other, "name home mail? city?"))


def family_line_no_mail(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The family's fixed line, another given name, and no mailbox."""
    other = housemate(stage, me, family=me.family, home=me.home)
    return Encore(other, stage.fill(other, "split home"), source="call-list")


def family_address(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One street and family name, two given names, two mobiles and mailboxes."""
    other = housemate(stage, me, family=me.family)
    return Encore(other, stage.fill(other, "name mail mobile? street city postal?"), ip=me.ip)


def twins(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One date of birth, family name and street; two given names and mailboxes."""
    other = housemate(stage, me, family=me.family, second=me.second, born=me.born)
    again = stage.fill(other, "split mail mobile? dob street postal city")
    return Encore(other, again, ip=me.ip)


def twins_one_line(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Twins on the parents' fixed line."""
    other = housemate(stage, me, family=me.family, second=me.second, born=me.born)
    other = replace(other, home=me.home)
    return Encore(other, stage.fill(other, "split mail home dob city"), ip=me.ip)


def twins_same_initial(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Twins whose given names begin alike: two mailboxes, one street, one date of birth."""
    other = housemate(stage, me, family=me.family, second=me.second, born=me.born)
    for _ in range(400):
        given = culture_of(me).given(stage.rng, me.sex)
        if given.usual[0] == me.given.usual[0] and given.usual[:3] != me.given.usual[:3]:
            family = culture_of(me).gendered(me.family or given, me.sex)
            other = replace(other, given=given, family=family, sex=me.sex, native=me.native)
            other = stage.world.with_mailboxes(other)
            break
    return Encore(other, stage.fill(other, "split mail dob street city"), ip=me.ip)


def father_and_son(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Father and son of one name in one house: two dates of birth, mobiles and mailboxes."""
    born = me.born + timedelta(days=stage.rng.randint(8000, 12500))
    other = housemate(stage, me, given=me.given, family=me.family, sex=me.sex, born=born)
    return Encore(other, stage.fill(other, "split mail mobile dob street city"), ip=me.ip)


def senior_and_junior(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Sr. and Jr. say so in the name, and have their own mobiles and mailboxes."""
    other = housemate(stage, me, given=me.given, family=me.family, sex=me.sex)
    lead["last_name"] = f"{lead['last_name']} Sr."
    again = stage.fill(other, "split mail mobile city")
    return Encore(other, again | {"last_name": f"{again['last_name']} Jr."})


def senior_and_junior_one_line(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Sr. and Jr. on one fixed line, with their own mailboxes."""
    other = housemate(stage, me, given=me.given, family=me.family, sex=me.sex, home=me.home)
    lead["last_name"] = f"{lead['last_name']} Sr"
    again = stage.fill(other, "split mail home")
    return Encore(other, again | {"last_name": f"{again['last_name']} Jr"})


def flatmates(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two names at one address, and nothing else in common."""
    other = housemate(stage, me)
    return Encore(other, stage.fill(other, "name mail mobile street city"), ip=me.ip)


def neighbours(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two flats of one tower, one common family name."""
    other = housemate(stage, me, family=me.family)
    street = in_script(me.street.partition("=")[2] or me.street, False)
    flats = stage.rng.sample(range(11, 99), 2)
    lead["street"] = f"{street}, Flat {flats[0]}"
    again = stage.fill(other, "name mail mobile? city") | {"street": f"{street}, Flat {flats[1]}"}
    return Encore(other, again)


def child_on_parents_mobile(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A school's form in the child's name: the child's mailbox, the parent's mobile."""
    born = me.born + timedelta(days=stage.rng.randint(9000, 13000))
    other = housemate(stage, me, family=me.family, born=born, mobile=me.mobile)
    return Encore(other, stage.fill(other, "split mail mobile dob"), ip=me.ip)


def family_mailbox(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A mailbox named after the family, two given names: the contract and the family disagree."""
    other = housemate(stage, me, family=me.family)
    lead["email"] = me.mail.replace(me.mail.partition("@")[0], f"family{me.number}")
    return Encore(other, stage.fill(other, "name") | {"email": lead["email"]}, ambiguous=True)


def family_line_initial(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The family's line and an initial that both share: nobody can be sure."""
    other = housemate(stage, me, family=me.family)
    first = f"{me.given.written(me.native)[0]}."
    again = stage.fill(other, "split") | {"first_name": first}
    again["phone"] = phones.any_style(stage.rng, me.home)
    return Encore(other, again, ambiguous=True)


def _named(me: Person) -> bool:
    return me.family is not None


def _grown(me: Person) -> bool:
    return me.family is not None and me.born.year < 1980


def _name_runs_in_family(me: Person) -> bool:
    old = me.born.year < 1975
    return old and me.sex == "m" and _named(me) and me.culture in ("en", "es", "fil", "it", "pt")


_DATED = "split mail mobile? dob street postal city"

SCENES = {
    "couple_one_mobile": Scene(couple_one_mobile, "name mail mobile city?", can=_named, weight=2),
    "couple_two_names": Scene(couple_two_names, "split mail mobile"),
    "family_line": Scene(family_line, "name home mail city?", can=_named, weight=1.5),
    "family_line_no_mail": Scene(family_line_no_mail, "split home mail?", can=_named),
    "family_address": Scene(
        family_address, "name mail mobile? street city postal?", can=_named, weight=1.5
    ),
    "twins": Scene(twins, _DATED, can=_named),
    "twins_one_line": Scene(twins_one_line, "split mail home dob city", can=_named),
    "twins_same_initial": Scene(twins_same_initial, "split mail dob street city", can=_named),
    "father_and_son": Scene(
        father_and_son, "split mail mobile dob street city", can=_name_runs_in_family
    ),
    "senior_and_junior": Scene(
        senior_and_junior, "split mail mobile city", "en fil", can=_name_runs_in_family
    ),
    "senior_and_junior_one_line": Scene(
        senior_and_junior_one_line, "split mail home", "en fil", can=_name_runs_in_family
    ),
    "flatmates": Scene(flatmates, "name mail mobile street city"),
    "neighbours": Scene(neighbours, "name mail mobile? city", "ko zh hk vi ms ru", can=_named),
    "child_on_parents_mobile": Scene(child_on_parents_mobile, "split mail mobile dob?", can=_grown),
    "family_mailbox": Scene(family_mailbox, "name mail", can=_named, weight=0.4),
    "family_line_initial": Scene(family_line_initial, "split mail home", can=_named, weight=0.4),
}
"""Kinds of this file."""
