"""The comparison of whole names: the given and the family name each by its own rules, together."""

from services.dedup import model
from services.dedup.family_names import another_mother, family
from services.dedup.given_names import given
from services.dedup.names_otherwise import given_name, otherwise_written, whole_given
from services.dedup.record import Record
from services.dedup.second_names import FORENAMES, other_sex
from shared.normalize.family_variants import east_asian, given_readings
from shared.normalize.name_frequency import UNLISTED, commonness, given_per_mille, per_mille
from shared.normalize.name_gender import same_but_for_gender
from shared.normalize.name_script import ALPHABETS, EAST_ASIAN

COMMON, RARE = -10.0, -17.0
"""Log2 shares of people with a whole name: one in a thousand bears a common one; one in 130,000 is
a namesake whom one hardly ever meets."""


def name(a: Record, b: Record) -> str | None:
    """The names of the people."""
    if not (a.given or a.family) or not (b.given or b.family):
        return None
    if a.generation and b.generation and a.generation != b.generation:
        return "other_generation"
    level = _level(a, b)
    if level == "same" or (level == "similar" and a.script != b.script and _one_reading(a, b)):
        return _by_commonness(a, b) if a.generation == b.generation else "generation_missing"
    if level in _OF_A_NAMESAKE and a.generation != b.generation:
        return "generation_missing"
    if level == "initial":
        if same_but_for_gender(a.family, b.family) and (_of_a_man(a, b) or _of_a_man(b, a)):
            return "other_given_name"
        if _two_initials(a, b) or _two_initials(b, a):
            return "initials"
        return "initial_rare" if _rare_family(a) and _rare_family(b) else level
    if level == "other_family_name":
        if _family_in_common(a, b):
            level = "other_given_name"
        elif another_mother(a, b):
            return "different"
    return otherwise_written(a, b) or level if level in _CONTRADICTING else level


def _family_in_common(a: Record, b: Record) -> bool:
    """True if what stands first is the family, and two given names follow: Solyvári Anna, Dániel.

    No table has the one as a given name, and the others are given names and hardly families.
    """
    if a.given != b.given or len(a.given) < 3 or given_name(a.given):
        return False
    return all(
        given_per_mille(word) > max(UNLISTED, per_mille(word)) for word in (a.family, b.family)
    )


def _one_reading(a: Record, b: Record) -> bool:
    """True if a name in Latin letters is how the other, in Han, is read in Japan."""
    han, latin = (a, b) if a.script == "CJK" else (b, a)
    if han.script != "CJK" or latin.script or latin.middle:
        return False
    read = given_readings(latin.given)
    families = {latin.family, *latin.family_roots}
    return not (read.isdisjoint(han.roots) or families.isdisjoint(han.family_roots))


def _by_forename(a: Record, b: Record) -> bool:
    """True if the given names agree in what half of a people's men bear: Muhammad, Ahmad."""
    forenames = a.given in FORENAMES and b.given in FORENAMES and a.given not in _MARRYING
    return forenames and not (a.middle and b.middle)


def _of_a_man(a: Record, b: Record) -> bool:
    """True if *a* has a man's form of the names, and *b* an initial before the woman's.

    P. Horáková is no Pavel Horák; a Slavic or Greek woman's given name ends in a vowel.
    """
    woman = b.family.endswith(("a", "ou")) and len(b.given) == 1
    return woman and len(a.given) > 1 and a.given[-1] not in "aeiouy"


def _two_initials(a: Record, b: Record) -> bool:
    """True if *a* gives the initials of two given names of *b*: JP, or J. P., for Jean-Pierre."""
    return bool(b.middle) and f"{a.given}{a.middle}".replace(" ", "") == b.given[0] + b.middle[0]


def _by_commonness(a: Record, b: Record) -> str:
    """Return how much it says that two leads bear this whole name, in its commoner spelling."""
    share = _share(a)
    if a.given != b.given or a.family != b.family or a.script != b.script:
        share = max(share, _share(b))
    if a.middle and a.middle == b.middle and not a.script:
        share += commonness(a.middle, "")
    if share > COMMON:
        return "same_common"
    return "same_rare" if share <= RARE and _counted(a) and _counted(b) else "same"


def _share(record: Record) -> float:
    """Return the log2 share of people with the name; of Han and Hangul, as it is commonest read."""
    if record.script not in EAST_ASIAN:
        return commonness(record.given, record.family)
    given = (record.given, *record.roots)
    families = (record.family, *record.family_roots)
    return max(commonness(first, last) for first in given for last in families)


def _counted(record: Record) -> bool:
    """True if a name that is in no table is rare, and not spelt in a way that no table has."""
    return record.script in ALPHABETS and not east_asian(record.family)


def _rare_family(record: Record) -> bool:
    """True if the family name is in no table that would list it if it were common."""
    return len(record.family) > 1 and per_mille(record.family) <= UNLISTED and _counted(record)


def _level(a: Record, b: Record) -> str | None:
    first, last = given(a, b), family(a, b)
    stand = a.given == b.given and a.family == b.family
    if not stand and not (first == last == "same") and _same_words(a, b):
        return "swapped"
    if first and last:
        if last == "different" and (_by_forename(a, b) or other_sex(a, b)):
            return "different"
        return _WHOLE_NAMES[first, last]
    if first:
        if first == "different":
            return "swapped" if a.script and _one_field(a, b) else "different"
        return "given_name_only"
    if last:
        return "different" if last == "different" else "family_name_only"
    # One lead gave only a given name, the other only a family name.
    return None


def _same_words(a: Record, b: Record) -> bool:
    """True if the names hold the same words in another order: Kim Jong Un, Jong Un Kim."""
    if _reordered(a, b) or _read_otherwise(a, b) or _read_otherwise(b, a):
        return True
    if a.given[:1] != b.family[:1] or a.family[:1] != b.given[:1]:
        return False
    return _joined(a)[::-1] == _joined(b)


def _read_otherwise(a: Record, b: Record) -> bool:
    """True if the words of *a*, family first, are those of *b* as they stand: Jin Tae Bang."""
    if not a.middle or a.family[:1] != b.given[:1] or not east_asian(a.family):
        return False
    return f"{a.family}{''.join(_joined(a)[0])}" == "".join(_joined(b))


def _reordered(a: Record, b: Record) -> bool:
    """True if two words or more are the same in some order; most pairs fail a cheaper look."""
    longer = len(a.given) + len(a.family) - len(b.given) - len(b.family)
    if a.middle or b.middle:
        # Three fields at most hold the words, so all spaces between them are not counted.
        if abs(longer + len(a.middle) - len(b.middle)) > 2:
            return False
    elif longer and not (abs(longer) == 1 and _one_field_empty(a, b)):
        return False
    whole = f"{b.given} {b.middle} {b.family}"
    if a.given.partition(" ")[0] not in whole:
        return False
    words = sorted(f"{a.given} {a.middle} {a.family}".split())
    return len(words) > 1 and words == sorted(whole.split())


def _one_field_empty(a: Record, b: Record) -> bool:
    """True if one lead's words stand in one field: von Kessel Friederike, all of it a family."""
    return not (a.given and a.family and b.given and b.family)


def _one_field(a: Record, b: Record) -> bool:
    """True if one lead has the whole name, family first, in the field of the given name."""
    return f"{a.family}{a.given}" == f"{b.family}{b.given}" and a.script == b.script


def _joined(record: Record) -> tuple[str, str]:
    return whole_given(record), record.family.replace(" ", "")


_MARRYING = frozenset({"maria", "jose", "siti", "nur", "nurul", "noor"})
"""Forenames of women, who may have another family name since, and of men called by nothing else."""

_OF_A_NAMESAKE = model.INITIALS | {"nickname", "similar", "family_alike"}
"""Levels under which a father and a son of one name are told apart by their generation: Rey
Garcia, Reynaldo Garcia Jr., R. Garcia."""


_CONTRADICTING = frozenset({"different", "other_given_name", "other_family_name"})

_WHOLE_NAMES = {
    ("same", "same"): "same",
    ("nickname", "same"): "nickname",
    ("similar", "same"): "similar",
    ("initial", "same"): "initial",
    ("short_form", "same"): "short_form",
    ("english_name", "same"): "english_name",
    ("middle_name", "same"): "middle_name",
    ("one_letter_apart", "same"): "one_letter_apart",
    ("different", "same"): "other_given_name",
    ("same", "similar"): "family_alike",
    ("nickname", "similar"): "similar",
    ("similar", "similar"): "similar",
    ("initial", "similar"): "initial",
    ("short_form", "similar"): "short_form",
    ("english_name", "similar"): "english_name",
    ("middle_name", "similar"): "middle_name",
    ("one_letter_apart", "similar"): "one_letter_apart",
    ("different", "similar"): "different",
    ("same", "different"): "other_family_name",
    ("nickname", "different"): "other_family_name",
    ("one_letter_apart", "different"): "different",
    ("similar", "different"): "different",
    ("initial", "different"): "different",
    ("short_form", "different"): "different",
    ("english_name", "different"): "different",
    ("middle_name", "different"): "different",
    ("different", "different"): "different",
}
"""The level of a whole name, from how its given and its family name agree."""
