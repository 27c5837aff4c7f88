"""Known people whose name is written another way; a mailbox, a phone or a firm says who it is."""

import random
from collections.abc import Callable
from dataclasses import replace

from bench.leads import slips
from bench.leads.naming import ascii_letters, family
from bench.leads.people import short_forms
from bench.leads.scene import Entry, Scene, says
from bench.leads.view import View, key, written
from bench.leads.vocabulary import tongues


def _named(scene: Scene) -> View:
    """Return a tied lead with the name in the earlier lead's script and spelling."""
    view = scene.tied("name")
    _rewrite(view, scene.earlier.native, scene.person.habit)
    return view


def _rewrite(view: View, native: bool, habit: int) -> None:
    person, view.native = view.person, native
    view.given = written(person.given, native, habit)
    view.family = written(person.family, native, habit)
    if view.middle and person.middle:
        view.middle = written(person.middle, native, habit)


def _near(view: View, *parts: str) -> View:
    for part in parts:
        view.said[part] = view.said[part].rstrip("~") + "~"
    return view


def nickname(scene: Scene) -> View | None:
    """Bill for William, Sasha for Aleksandr, Pepe for José."""
    forms = short_forms(scene.person)
    native = [pair for pair in forms if pair[0]] if scene.earlier.native else forms
    if not native:
        return None
    view = _named(scene)
    own, latin = scene.rng.choice(native)
    view.given, view.middle = own if view.native else latin, ""
    return _near(view, "given")


def diacritics(scene: Scene) -> View | None:
    """Müller, Mueller and Muller; José and Jose."""
    view = _named(scene)
    tongue = scene.person.tongue if scene.rng.random() < 0.6 else ""
    plain = [ascii_letters(text, tongue) for text in (view.given, view.family)]
    if view.native or plain == [view.given, view.family]:
        return None
    view.given, view.family = plain
    view.company = ascii_letters(view.company, tongue)
    return view


def transliteration(scene: Scene) -> View | None:
    """The name in its own script on one form, in Latin letters or other ones on another."""
    person, view = scene.person, scene.tied("name")
    before = (scene.earlier.given, scene.earlier.family)
    habits = [habit for habit in (0, 1, 2) if habit != person.habit]
    tries = [(not scene.earlier.native, person.habit), (False, scene.rng.choice(habits))]
    for native, habit in tries if scene.rng.random() < 0.7 else tries[::-1]:
        if native and not (person.given.native and person.family.native):
            continue
        _rewrite(view, native, habit)
        if (view.given, view.family) != before:
            return view
    return None


def swapped_names(scene: Scene) -> View:
    """Given and family name in each other's field."""
    view = _split(scene)
    view.given, view.family, view.middle = view.family, view.given, ""
    return view


def _split(scene: Scene) -> View:
    view = _named(scene)
    if not view.form.split:
        view.form = replace(view.form, split=True, source_id=f"{view.form.source_id}-2")
    return view


def full_name_in_one_field(scene: Scene) -> View:
    """Autofill puts the whole name into the field for the first."""
    view = _split(scene)
    if view.native and view.person.tongue in ("chinese", "japanese", "korean"):
        view.given, view.family = f"{view.family}{view.given}", ""
    else:
        view.given, view.family = f"{view.given} {view.family}", ""
    view.middle = ""
    return view


def initials(scene: Scene) -> View | None:
    """J. Smith."""
    view = _named(scene)
    if view.native and view.person.tongue in ("chinese", "japanese", "korean"):
        return None
    view.given = view.given[0] + scene.rng.choice((".", ""))
    view.middle = view.middle and f"{view.middle[0]}."
    return _near(view, "given")


def middle_names(scene: Scene) -> View | None:
    """A middle name or its initial, or the second of two family names, comes or goes."""
    person, view = scene.person, _named(scene)
    names = view.family.split()
    if tongues()[person.tongue].rest.get("two_families") and len(names) == 2:
        view.family = names[0]
        return view if scene.earlier.family != names[0] else None
    if person.middle is None:
        return None
    middle = written(person.middle, view.native, person.habit)
    initial = f"{middle[0]}." if not view.native else middle
    view.middle = "" if scene.earlier.middle else scene.rng.choice((initial, middle))
    return view


def keyboard_typo(scene: Scene) -> View | None:
    """A finger slips in the name."""
    return _slipped(scene, slips.keyboard)


def ocr_typo(scene: Scene) -> View | None:
    """A scanner misreads a badge or a business card."""
    return _slipped(scene, slips.scanned)


def _slipped(scene: Scene, slip: Callable[[random.Random, str], str]) -> View | None:
    view = _named(scene)
    part = scene.rng.choice(("given", "family", "family"))
    text = getattr(view, part)
    if view.native or len(text) < 4:
        return None
    wrong = slip(scene.rng, text)
    if wrong == text:
        return None
    setattr(view, part, wrong)
    return _near(view, part)


def married_name(scene: Scene) -> View | None:
    """A new family name, alone or joined to the old one; the mailbox or the phone stays."""
    person, rng = scene.person, scene.rng
    if not person.woman and rng.random() < 0.85:
        return None
    view = _named(scene)
    new = family(rng, person.tongue, person.woman, person.country)
    text = written(new, view.native and bool(new.native), person.habit)
    if text == view.family:
        return None
    joined = rng.random() < 0.35 and not view.native
    view.family = f"{view.family}-{text}" if joined else text
    view.said["family"] = f"{view.said['family']}~" if joined else key(new)
    view.middle = ""
    return view


def _in_script(*scripts: str) -> Callable[[View], bool]:
    def suits(view: View) -> bool:
        return tongues()[view.person.tongue].script in scripts and "family" in view.said

    return suits


_FULL = says("given", "family")
KINDS = (
    Entry("nickname", nickname, lambda view: _FULL(view) and bool(short_forms(view.person))),
    Entry("diacritics", diacritics, lambda v: _FULL(v) and not (v.given + v.family).isascii()),
    *(
        Entry(f"transliteration_{name}", transliteration, _in_script(*scripts))
        for name, scripts in (
            ("cyrillic", ("cyrillic",)),
            ("greek", ("greek",)),
            ("chinese", ("chinese",)),
            ("japanese", ("japanese",)),
            ("korean", ("korean",)),
            ("arabic", ("arabic", "urdu")),
            ("other", ("hebrew", "devanagari", "bengali", "thai")),
        )
    ),
    Entry("swapped_names", swapped_names, _FULL),
    Entry("full_name_in_one_field", full_name_in_one_field, _FULL),
    Entry("initials", initials, _FULL),
    Entry(
        "middle_names",
        middle_names,
        lambda v: _FULL(v) and (bool(v.person.middle) or " " in v.family),
    ),
    Entry("keyboard_typo", keyboard_typo, _FULL),
    Entry("ocr_typo", ocr_typo, _FULL),
    Entry("married_name", married_name, _FULL),
)
"""Kinds of duplicates, with the leads that they can be made from."""
