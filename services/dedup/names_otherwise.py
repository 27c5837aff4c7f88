"""Names that contradict each other part by part, and are one written otherwise.

Turned, with initials in place of names, in another script, or as another ear hears Arabic.
"""

from services.dedup import scripts
from services.dedup.arabic_names import COUNTRIES, one_family, one_given
from services.dedup.chinese_names import other_order
from services.dedup.family_names import family
from services.dedup.given_names import given
from services.dedup.record import Record
from services.dedup.turned import turned
from shared.normalize.family_variants import east_asian, family_roots
from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.name_order import of_place
from shared.normalize.name_script import EAST_ASIAN
from shared.normalize.nickname import known as nick_known


def otherwise_written(a: Record, b: Record) -> str | None:
    """Return how names agree that contradict each other part by part; None if they do not."""
    if _turned_beside(a, b) or _turned_beside(b, a):
        return "swapped"
    if (a.middle or b.middle) and (_family_before(a, b) or _family_before(b, a)):
        return "swapped"
    shortest = min(len(a.family), len(b.family))
    if shortest == 1 and (_initial_last(a, b) or _initial_last(b, a)):
        return "initial"
    if _other_family_first(a, b) or _other_family_first(b, a):
        return "other_family_name"
    if 1 in (len(a.given), len(b.given)) and (_fathers_initial(a, b) or _fathers_initial(b, a)):
        return "initial"
    if (a.middle or b.middle) and (_given_alone(a, b) or _given_alone(b, a)):
        return "given_name_only"
    if a.script or b.script:
        return None if scripts.comparable(a, b) else scripts.across(a, b)
    if (a.middle or b.middle) and other_order(a, b):
        return "swapped"
    if a.country in COUNTRIES or b.country in COUNTRIES:
        return "similar" if _arabic(a, b) else None
    return "similar" if _other_keyboard(a, b) else None


def _turned_beside(one: Record, other: Record) -> bool:
    """True if the names agree once those of *one* are turned: Lee Jungmin, Jeongmin Rhee."""
    last = other.family.rpartition(" ")[2]
    alike = one.given[:1] in (other.family[:1], last[:1]) or other.family_roots
    if not alike and one.script == other.script:
        return False  # most pairs
    surely = one.script != other.script
    known = (
        other.family in (one.given, *one.roots) or one.given == last or one.family == other.given
    )
    right = turned(one, surely or known or _spelt_otherwise(one.given, other))
    return (
        right is not None
        and family(right, other) in _SAME_OR_SIMILAR
        and given(right, other) in _SAME_FORM_OR_SIMILAR
    )


def _family_before(one: Record, other: Record) -> bool:
    """True if *one* puts the family first and more between: Kabongo Mutombo Jean, Jean Kabongo.

    The father's name before a son's own looks alike, so what is a given name is no family here.
    """
    if not one.middle or one.given != other.family or given_name(one.given):
        return False
    own = f"{other.given} {other.middle}".strip()
    listed = len(other.given) > 1 and given_per_mille(other.given) > UNLISTED
    return listed and f"{one.middle} {one.family}".endswith(own)


def _spelt_otherwise(word: str, other: Record) -> bool:
    """True if *word* is a spelling of the East Asian family of *other*: So, who is Su."""
    if not east_asian(word):
        return False
    return not family_roots(word).isdisjoint((other.family, *other.family_roots))


def _initial_last(a: Record, b: Record) -> bool:
    """True if *a* gives one name and the other's initial: Szentmosi I, Ilona S, Ilona Szentmosi."""
    if len(a.family) != 1:
        return False
    if a.given == b.given and not (a.middle and b.middle):
        return b.family.startswith(a.family) and len(b.family) > 1
    return a.given in (b.family, b.family.partition(" ")[0]) and b.given.startswith(a.family)


def _other_family_first(one: Record, other: Record) -> bool:
    """True if *one* puts another family before the given name: Orlova Yulia, Yulia Kim."""
    if one.family != other.given or len(other.given) < 3 or one.middle or other.middle:
        return False
    return given_name(other.given) and not given_name(one.given) and one.script == other.script


def _fathers_initial(a: Record, b: Record) -> bool:
    """True if *a* puts the initial of what follows the name before it: R. Suresh, Suresh Raman.

    The father's name, as southern Indians and Mongols write it.
    """
    whole = b.given if a.family == b.given else whole_given(b)  # Bat-Erdene
    return len(a.given) == 1 and a.family == whole and b.family.startswith(a.given)


def _given_alone(a: Record, b: Record) -> bool:
    """True if all words of *a* are given names of *b*: Thu Ha, and Thu Ha Do."""
    if a.middle or not b.middle:
        return False
    own = f"{b.given} {b.middle}"
    chinese = b.script in EAST_ASIAN or (east_asian(b.family) and not of_place(b.family, "VN"))
    return not chinese and own in (f"{a.given} {a.family}", f"{a.family} {a.given}")


def _other_keyboard(a: Record, b: Record) -> bool:
    """True if one was typed with the layout of another country: Zoltan Yildiz, Yoltan Zildiy."""
    if a.given == b.given or len(a.given) != len(b.given) or len(a.family) != len(b.family):
        return False
    typed = f"{a.given} {a.family}"
    return any(typed.translate(layout) == f"{b.given} {b.family}" for layout in _LAYOUTS)


def _arabic(a: Record, b: Record) -> bool:
    """True if both parts of an Arabic name are spelt in two ways, or one of them is."""
    first = given(a, b) in _SAME_FORM_OR_SIMILAR or one_given(*map(whole_given, (a, b)))
    return first and (family(a, b) in _SAME_OR_SIMILAR or one_family(a.family, b.family))


def given_name(word: str) -> bool:
    """Return whether a folded word is known as a given name, or as a form of one."""
    return given_per_mille(word) > UNLISTED or nick_known(word)


def whole_given(record: Record) -> str:
    """Return the given and the middle names of *record* in one word."""
    return f"{record.given}{record.middle}".replace(" ", "")


_SAME_OR_SIMILAR = frozenset({"same", "similar"})
_SAME_FORM_OR_SIMILAR = _SAME_OR_SIMILAR | {"nickname"}
"""How family names and given names agree where they surely do."""

_LAYOUTS = (str.maketrans("yz", "zy"), str.maketrans("aqwz", "qazw"))
"""Letters that a German keyboard, and a French one, has in each other's place."""
