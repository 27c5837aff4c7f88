"""Names behind the first given name: two that differ tell two people of one beginning apart.

Luz Marina and Luz Elena, José de Jesús and José de la Luz, John A. and John B. are siblings or
namesakes; who leaves the second name out is nobody else for it.
"""

from services.dedup.given_words import alone
from services.dedup.record import Record
from services.dedup.slips import LIKE_IN_SOUND
from shared import similarity
from shared.normalize import name as names
from shared.normalize.name_frequency import UNLISTED, given_per_mille, per_mille
from shared.normalize.name_order import of_place
from shared.normalize.name_words import words_of

FORENAMES = frozenset(
    (
        *("maria", "jose", "muhammad", "mohammad", "mohammed", "mohamed", "muhamad", "mochamad"),
        *("mohd", "muhd", "mohamad", "mohamud", "mohammod"),
        *("md", "syed", "sayed", "seyed", "seyyed", "sayyed", "sayyid", "siti", "nur", "nurul"),
        *("noor", "ahmad", "ahmed", "achmad", "akhmad", "tenzin"),
        *("ni", "luh", "putu", "wayan", "gede", "kadek", "made", "komang", "nyoman", "ketut"),
    )
)
"""Given names that many bear before the one they go by; on Bali, whose order of birth they tell."""

_SERVANT = frozenset({"abd", "abdal", "abdel", "abdul", "bd"})
"""Arabic for a servant, before a name of God: Abd Allah and Abd ar-Rahman are two names."""

_COMPOUNDING = frozenset(
    (
        *("jean", "marie", "anne", "pierre", "maria", "jose", "juan", "luis", "carlos", "ana"),
        *("joao", "hans", "karl", "gian", "pier", "mary", "anna", "francisco", "luz", "miguel"),
        *("luiz", "pedro", "antonio", "paul", "rosa", "mari", "ole", "per", "bjorn", "willem"),
    )
)
"""Given names that make one name with the next."""

_SIKH = frozenset({"singh", "kaur"})
"""What a Sikh man, and a Sikh woman, bears behind the given name."""

FATHERS = ("EG", "IQ", "SA", "JO", "SY")
"""Places whose people put the father's given name behind their own."""


def two_of_one_beginning(a: Record, b: Record) -> bool:
    """Return whether given names that begin alike are two, as what follows contradicts itself."""
    one, other = own_words(a.middle), own_words(b.middle)
    if one == other or not (one and other):
        return False
    left = [word for word in one if word not in other and word not in b.family.split()]
    right = [word for word in other if word not in one and word not in a.family.split()]
    if not (left and right) or "".join(left) == "".join(right):
        return False
    if {*left, *right} == _SIKH:
        return True
    if {a.given, b.given} <= FORENAMES | _SERVANT or _vietnamese(a, b):
        return all(_two_names(x, y) for x in left for y in right)
    if a.script or b.script:
        return False
    compound = a.given in _COMPOUNDING
    return all(_apart(x, y, compound) for x in left for y in right)


def own_words(middle: str) -> list[str]:
    """Return the words of *middle* names but what only joins them: de la Luz is luz."""
    return [word for word in middle.split() if word not in words_of("particle")]


def other_sex(a: Record, b: Record) -> bool:
    """Return whether one is a Sikh man and the other a Sikh woman: Harjit Singh, Harjit Kaur."""
    return {a.family, b.family} == _SIKH


def goes_by_the_fathers(a: Record, b: Record) -> bool:
    """Return whether the second name of *a* is the given name of *b*, as a father's is his son's.

    Rami Samir and Samir; where the first is one that many bear, they go by the second.
    """
    if a.middle.partition(" ")[0] != b.given or b.middle or a.given in FORENAMES:
        return False
    return all(of_place(each, *FATHERS, given=True) for each in (a.given, b.given))


def _two_names(one: str, other: str) -> bool:
    """True if two words are two given names, though each alone stands for its bearer."""
    if 1 in (len(one), len(other)):
        return one[0] != other[0]
    likeness = similarity.spelling(one, other)
    sounds = names.phonetic(one), names.phonetic(other)
    if sounds[0] == sounds[1] and likeness >= LIKE_IN_SOUND:
        return False  # Jürgen, Juergen
    roots, others = (tuple(names.nickname_roots(each)) for each in (one, other))
    return alone(one, other, roots, others, *sounds) == "different"


def _apart(one: str, other: str, compound: bool) -> bool:
    """True if two second names are surely two: initials, or words that are known as given names."""
    if 1 in (len(one), len(other)):
        return one[0] != other[0] and {one[0], other[0]} not in _ONE_SOUND
    listed = _given_name(one) and _given_name(other)
    return (listed or (compound and not _surname(one) and not _surname(other))) and _two_names(
        one, other
    )


def _given_name(word: str) -> bool:
    return (given_per_mille(word) > UNLISTED or names.known(word)) and not _surname(word)


def _surname(word: str) -> bool:
    return per_mille(word) > max(UNLISTED, given_per_mille(word))


def _vietnamese(a: Record, b: Record) -> bool:
    """True if the names are Vietnamese, whose last word is the name: Văn Minh and Văn Long."""
    return of_place(a.family, "VN") and of_place(b.family, "VN")


_ONE_SOUND = (
    *({"c", "k"}, {"j", "y"}, {"i", "y"}, {"i", "j"}, {"g", "h"}, {"g", "j"}, {"v", "w"}),
    *({"e", "y"}, {"s", "z"}, {"f", "p"}, {"k", "q"}, {"x", "k"}, {"x", "j"}, {"a", "h"}),
)
"""Initials that two spellings of one name may have."""
