"""Duplicates: the same person on the same mobile, the name written otherwise."""

from dataclasses import replace

from bench.judge.names import Name, folded
from bench.judge.stage import Encore, Lead, Scene, Stage, first_name, full_name, last_name, plain
from bench.judge.world import Person

TITLES = {
    "de": "Herr Frau Dr. Prof._Dr.",
    "es": "Sr. Sra. Ing. Lic.",
    "pt": "Dr. Dra. Eng.",
    "it": "Dott. Avv. Ing.",
    "fr": "M. Mme Maître",
    "pl": "mgr Pan Pani",
    "en": "Dr Mr Ms Rev. Prof.",
    "hi": "Shri Smt. Dr.",
    "ar": "Eng. Dr. Mr.",
    "ms": "Dato' Tuan Puan Dr.",
    "fil": "Engr. Atty. Mrs.",
    "cs": "Ing. MUDr. Mgr.",
}
"""Titles before a name, by culture."""

TAILS = ("({})", "({})", "PhD", "MBA", "🙂", "🚀", "✨", "- urgent", "(via phone)", "MD")
"""What stands behind a name; the empty brackets are for pronouns."""
ENGLISH = (
    *("Kevin", "Jason", "Vivian", "Amy", "Eric", "Grace"),
    *("Tony", "Leo", "Fiona", "Ivy", "Alan"),
)
"""First names that East Asians take for business."""


def _again(
    stage: Stage, me: Person, names: Lead, days: tuple[float, float] = (0.01, 150)
) -> Encore:
    """The same mobile with *names*; half with another mailbox, some with the town."""
    now = replace(me, mail=stage.world.private_mail(me))
    rest = stage.fill(
        now, stage.one_of("mobile", "mobile mail", "mobile city?", "mobile mail city?")
    )
    return Encore(now, {key: text for key, text in (names | rest).items() if text}, days)


def _split(first: str, last: str) -> Lead:
    return {"first_name": first, "last_name": last}


def nickname(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Is known by a short name."""
    nick = stage.rng.choice(me.given.short).written(me.native)
    return _again(stage, me, _split(nick, last_name(me)))


def nickname_at_work(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The badge says William, the private form says Bill; firm, title and family name agree."""
    nick = stage.rng.choice(me.given.short).written(me.native)
    again = stage.fill(me, "mail company title") | _split(nick, last_name(me))
    return Encore(me, again, ambiguous=_many(me))


def no_accents(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Types the name on a keyboard without accents."""
    return _again(stage, me, _split(folded(first_name(me)), folded(last_name(me))))


def umlauts_spelled_out(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes ae, oe and ue for umlauts."""
    spelt = _split(first_name(me), last_name(me))
    pairs = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ö": "Oe", "Ü": "Ue", "Ä": "Ae", "å": "aa"}
    table = str.maketrans(pairs | {"Å": "Aa"})
    return _again(stage, me, {key: text.translate(table) for key, text in spelt.items()})


def capitals(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Is typed in capitals, without accents, by whoever exports the list."""
    return _again(stage, me, {"name": folded(full_name(me)).upper()})


def lower_case(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Types in lower case with stray blanks."""
    return _again(stage, me, {"name": f" {full_name(me).lower().replace(' ', '  ')} "})


def titled(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Puts a title before the name."""
    title = stage.one_of(*TITLES[me.culture].split()).replace("_", " ")
    return _again(stage, me, {"name": f"{title} {full_name(me)}"})


def decorated(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Adds pronouns, a degree, an emoji or a note to the name."""
    tail = stage.one_of(*TAILS).format("he/him" if me.sex == "m" else "she/her")
    return _again(stage, me, {"name": f"{full_name(me)} {tail}"})


def full_in_first(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The browser fills the full name into first_name, and perhaps the family name again."""
    return _again(stage, me, _split(full_name(me), stage.one_of("", last_name(me))))


def swapped_fields(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Puts the family name into the field of the given name."""
    return _again(stage, me, _split(last_name(me), first_name(me)))


def with_comma(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes `Family, Given`."""
    return _again(stage, me, {"name": f"{last_name(me)}, {first_name(me)}"})


def initial(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Shortens the given name to its initial."""
    return _again(stage, me, _split(f"{first_name(me)[0]}.", last_name(me)))


def first_only(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Gives the first name only."""
    return _again(stage, me, {"first_name": first_name(me)})


def middle_shown(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Shows the middle name, or its initial, on one form only."""
    middle = me.middle.usual if me.middle else ""
    shown = stage.one_of(middle, f"{middle[:1]}.")
    return _again(stage, me, _split(f"{first_name(me)} {shown}", last_name(me)))


def other_script(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes the own script on one form and Latin letters on the other."""
    now = replace(me, native=not me.native)
    split = _split(first_name(now), last_name(now))
    return _again(stage, now, stage.rng.choice((split, {"name": full_name(now)})))


def romanised_otherwise(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Spells the name in Latin letters after another custom."""
    now = replace(me, given=_turned(me.given), family=_turned(me.family) if me.family else None)
    return _again(stage, now, _split(first_name(now), last_name(now)))


def family_first(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes the name in the order of home on one form, in that of the West on the other."""
    west, home = f"{first_name(me)} {last_name(me)}", f"{last_name(me)} {first_name(me)}"
    if me.culture == "vi":
        west = folded(f"{first_name(me).split()[-1]} {last_name(me)}")
    again = west if lead.get("name", "").startswith(last_name(me)) else home
    return _again(stage, me, {"name": again})


def english_name(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Takes an English first name for business; family name and mobile are the same."""
    return _again(stage, me, _split(stage.one_of(*ENGLISH), plain(me.family or me.given).usual))


def mononym(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Has one name; a form that demands two gets it twice, or a dash."""
    one = first_name(me)
    return _again(stage, me, _split(one, stage.one_of(one, "-", ".", "")))


def second_surname_dropped(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Leaves the mother's family name out."""
    return _again(stage, me, _split(first_name(me), me.family.usual if me.family else ""))


def father_named(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Puts the father's name between, with bin or bint."""
    father = stage.world.like(me).given
    link = stage.one_of("", "bin " if me.sex == "m" else "bint ")
    middle = f"{link}{father.usual}"
    return _again(stage, me, {"name": f"{me.given.usual} {middle} {last_name(me)}"})


def married(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Takes another family name on marriage; given name, mobile and date of birth stay."""
    now = replace(me, family=stage.world.person(me.country, me.culture).family, second=None)
    now = replace(now, mail=stage.world.private_mail(now))
    return Encore(now, stage.fill(now, "split mail mobile dob"), (30, 280))


def married_same_mail(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Takes another family name but keeps the mailbox of the old one."""
    now = replace(me, family=stage.world.person(me.country, me.culture).family, second=None)
    return Encore(now, stage.fill(now, "split mail"), (30, 280))


def double_barrelled(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Joins the partner's name to the own with a hyphen."""
    partner = stage.world.person(me.country, me.culture).family or me.given
    joined = f"{last_name(me)}-{partner.written(me.native)}"
    return _again(stage, me, _split(first_name(me), joined), (20, 280))


def typo_in_name(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Slips on the keys of the telephone."""
    name = last_name(me)
    at = stage.rng.randrange(1, len(name) - 1)
    ways = (name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :])  # fmt: skip
    return _again(stage, me, _split(first_name(me), stage.rng.choice(ways)))


def misread_badge(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The badge scanner reads rn for m, 0 for O, 1 for l; firm and mobile are right."""
    name = folded(full_name(me)).replace("m", "rn", 1).replace("O", "0").replace("l", "1", 1)
    return Encore(me, stage.fill(me, "mobile company") | {"name": name}, source="badge-scan")


def misheard(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The call centre writes down what it hears."""
    name = folded(last_name(me))
    for heard, meant in (("ph", "f"), ("y", "i"), ("ck", "k"), ("th", "t"), ("z", "s"), ("v", "w")):
        if meant in name[1:]:
            name = name[0] + name[1:].replace(meant, heard, 1)
            break
    return _again(stage, me, _split(folded(first_name(me)), name))


def _turned(name: Name) -> Name:
    return Name((*name.latin[1:], name.latin[0]), None, name.short)


def _many(me: Person) -> bool:
    return me.family is None or me.culture in ("vi", "ko", "zh")


def _latin(stage: Stage, me: Person) -> Person:
    return replace(me, native=False)


def _has_nick(me: Person) -> bool:
    return bool(me.given.short and me.family)


def _accented(me: Person) -> bool:
    return not me.native and folded(me.given.usual) != me.given.usual


def _scripted(me: Person) -> bool:
    return bool(me.given.native and me.family and me.family.native)


def _spellings(me: Person) -> bool:
    return len(me.given.latin) > 1 and me.family is not None


def _umlauts(me: Person) -> bool:
    return any(letter in last_name(me).lower() for letter in "äöüßå")


def _long(me: Person) -> bool:
    return me.family is not None and len(last_name(me)) > 4


_ON = "split|name mobile mail? city?"
_MARRYING = "en ga de fr pl cs hu ro bg sr ru uk fi et sv nl pt ja hi tr he fil kk"
_SCRIPTS = "ru uk bg sr el ka kk he fa ar hi bn zh tw ja ko th am"

SCENES = {
    "nickname": Scene(nickname, "split mobile mail? city?", can=_has_nick, weight=2),
    "nickname_at_work": Scene(nickname_at_work, "split work company title", can=_has_nick),
    "no_accents": Scene(no_accents, _ON, can=_accented, weight=1.5),
    "umlauts_spelled_out": Scene(umlauts_spelled_out, _ON, "de sv fi et hu tr", can=_umlauts),
    "capitals": Scene(capitals, _ON),
    "lower_case": Scene(lower_case, _ON),
    "titled": Scene(titled, _ON, " ".join(TITLES)),
    "decorated": Scene(decorated, _ON),
    "full_in_first": Scene(full_in_first, _ON, can=lambda me: me.family is not None),
    "swapped_fields": Scene(swapped_fields, _ON, can=lambda me: me.family is not None),
    "with_comma": Scene(with_comma, _ON, can=lambda me: me.family is not None),
    "initial": Scene(initial, "split mobile mail?", can=lambda me: me.family is not None),
    "first_only": Scene(first_only, "split mobile mail?"),
    "middle_shown": Scene(middle_shown, "split mobile mail?", can=lambda me: me.middle is not None),
    "other_script": Scene(other_script, _ON, _SCRIPTS, can=_scripted, weight=3),
    "romanised_otherwise": Scene(
        romanised_otherwise, "split mobile mail?", _SCRIPTS, can=_spellings, before=_latin, weight=2
    ),
    "family_first": Scene(family_first, "name mobile", "vi hu zh tw hk ko ja", before=_latin),
    "english_name": Scene(
        english_name, "split mobile mail? company?", "zh tw hk ko", before=_latin
    ),
    "mononym": Scene(mononym, "name mobile mail?", "id", can=lambda me: me.family is None),
    "second_surname_dropped": Scene(
        second_surname_dropped, _ON, "es", can=lambda me: me.second is not None
    ),
    "father_named": Scene(father_named, _ON, "ar ur", before=_latin),
    "married": Scene(married, "split mail mobile dob", _MARRYING, can=lambda me: me.sex == "f"),
    "married_same_mail": Scene(
        married_same_mail, "split mail", _MARRYING, can=lambda me: me.sex == "f"
    ),
    "double_barrelled": Scene(double_barrelled, _ON, "en de fr pl cs nl sv fi pt", can=_long),
    "typo_in_name": Scene(typo_in_name, _ON, can=_long, weight=1.5),
    "misread_badge": Scene(misread_badge, "name mobile company mail?", before=_latin),
    "misheard": Scene(misheard, _ON, "en ga de fr it pl es fil yo", can=_long),
}
"""Kinds of this file."""
