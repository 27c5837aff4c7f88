"""Duplicates: somebody leaves the same number again, otherwise or wrongly, and no known mailbox."""

from collections.abc import Callable
from dataclasses import replace

from bench.judge import phones
from bench.judge.stage import Encore, Lead, Scene, Stage
from bench.judge.world import Person

VANITY = ("HOME", "ROOF", "LAWN", "TREE", "PETS", "LOAN", "MOVE", "HAIR", "SOLAR", "BOOKS", "YOGA")
"""Words that a small business spells on its keypad."""

SHOWN = "split|name mail mobile city?"


def phone_only(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Is called back: the call centre's list has name and number."""
    return Encore(me, stage.fill(me, "name mobile"), source="call-list")


def phone_nameless(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Leaves nothing but the mobile number in the callback box."""
    return Encore(me, stage.fill(me, "mobile"), source="callback")


def phone_new_mail(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Comes with another private mailbox and the same mobile."""
    now = replace(me, mail=stage.world.private_mail(me))
    return Encore(now, stage.fill(now, "name mail mobile"))


def _styled(
    style: Callable[[phones.Number], str], doc: str
) -> Callable[[Stage, Person, Lead], Encore]:
    def act(stage: Stage, me: Person, lead: Lead) -> Encore:
        now = replace(me, mail=stage.world.private_mail(me))
        form = stage.one_of("name", "split", "name mail", "split mail", "name city")
        again = stage.fill(now, form) | {"phone": style(me.mobile)}
        return Encore(now, again)

    act.__doc__ = doc
    return act


phone_domestic = _styled(phones.domestic, "Writes the number as at home, without a country.")
phone_dense = _styled(phones.dense, "Writes the number as at home, in one piece.")
phone_international = _styled(phones.international, "Writes the number with its country code.")
phone_zero_zero = _styled(phones.zero_zero, "Dials the country code with 00 or 011.")
phone_trunk_in_brackets = _styled(phones.bracketed_trunk, "Keeps the trunk zero in brackets.")
phone_without_plus = _styled(phones.without_plus, "Writes the country code without its plus.")
phone_dotted = _styled(phones.dotted, "Sets dots between the groups of the number.")
phone_labelled = _styled(lambda n: f"Tel: {phones.international(n)}", "Writes a label before it.")


def phone_lost_zero(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A spreadsheet has eaten the leading zero of the number."""
    again = stage.fill(me, "name city country") | {"phone": me.mobile.national}
    return Encore(me, again, source="call-list")


def phone_foreign_digits(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Types the number in the digits of the own script."""
    digits = phones.FOREIGN_DIGITS[me.country]
    own = "".join(digits[int(d)] if d.isdigit() else d for d in phones.domestic(me.mobile))
    return Encore(me, stage.fill(me, "name") | {"phone": own})


def phone_extension(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Names the own extension at the office number, and the same name."""
    number = phones.extended(me.firm.office, stage.rng.randint(10, 799))
    return Encore(me, stage.fill(me, "name company? mail") | {"phone": number})


def phone_vanity(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Spells the end of the number as a word."""
    word = next(w for w in VANITY if me.mobile.national.endswith(_keyed(w)))
    area = me.mobile.national[:3]
    rest = me.mobile.national[3 : -len(word)]
    return Encore(me, stage.fill(me, "name") | {"phone": f"({area}) {rest}{word}"})


def phone_slip(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Mistypes one digit; the full name, the street and the town are the same."""
    now = replace(me, mail=stage.world.private_mail(me))
    again = stage.fill(now, "name mail street city")
    again["phone"] = phones.any_style(stage.rng, phones.slipped(stage.rng, me.mobile))
    return Encore(now, again)


def phone_slip_same_firm(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Mistypes one digit and gives the private mailbox; name and firm are the same."""
    again = stage.fill(me, "split mail company title?")
    again["phone"] = phones.any_style(stage.rng, phones.slipped(stage.rng, me.mobile))
    return Encore(me, again)


def phone_slip_stranger(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Mistypes one digit and shows only the name beside it: nobody can be sure."""
    number = phones.slipped(stage.rng, me.mobile)
    return Encore(me, stage.fill(me, "name") | {"phone": number.e164}, ambiguous=True)


def home_then_mobile(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Gives the fixed line first and the mobile later; mailbox and name are the same."""
    return Encore(me, stage.fill(me, "name mail mobile"))


def late_return(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Returns after most of a year with the same number and name."""
    now = replace(me, mail=stage.world.private_mail(me))
    return Encore(now, stage.fill(now, "split mail mobile city?"), (240, 330))


def _keyed(word: str) -> str:
    return "".join(phones.KEYPAD[letter] for letter in word)


def _with_vanity(stage: Stage, me: Person) -> Person:
    keyed = _keyed(stage.rng.choice(VANITY))
    national = me.mobile.national[: -len(keyed)] + keyed
    return replace(me, mobile=me.mobile.altered(national))


def _has_trunk(me: Person) -> bool:
    return me.mobile.trunk == "0" and me.country != "AR"


SCENES = {
    "phone_only": Scene(phone_only, SHOWN, weight=1.5),
    "phone_nameless": Scene(phone_nameless, SHOWN),
    "phone_new_mail": Scene(phone_new_mail, SHOWN, weight=2),
    "phone_domestic": Scene(phone_domestic, f"{SHOWN} country?", weight=1.5),
    "phone_dense": Scene(phone_dense, SHOWN, weight=1.5),
    "phone_international": Scene(phone_international, f"{SHOWN} country?", weight=1.5),
    "phone_zero_zero": Scene(phone_zero_zero, SHOWN),
    "phone_trunk_in_brackets": Scene(phone_trunk_in_brackets, SHOWN, can=_has_trunk),
    "phone_without_plus": Scene(phone_without_plus, SHOWN),
    "phone_dotted": Scene(phone_dotted, SHOWN),
    "phone_labelled": Scene(phone_labelled, SHOWN),
    "phone_lost_zero": Scene(phone_lost_zero, SHOWN, can=_has_trunk),
    "phone_foreign_digits": Scene(phone_foreign_digits, SHOWN, countries="IR EG SA BD"),
    "phone_extension": Scene(phone_extension, "split work office company title?"),
    "phone_vanity": Scene(phone_vanity, SHOWN, countries="US CA", before=_with_vanity, weight=0.5),
    "phone_slip": Scene(phone_slip, "name mail mobile street city"),
    "phone_slip_same_firm": Scene(phone_slip_same_firm, "split work mobile company title?"),
    "phone_slip_stranger": Scene(phone_slip_stranger, "name mail mobile", weight=0.5),
    "home_then_mobile": Scene(home_then_mobile, "name mail home postal?"),
    "late_return": Scene(late_return, "split mail mobile city?"),
}
"""Kinds of this file."""
