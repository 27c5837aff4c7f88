"""How alike two values are, in [0, 1]: symmetric, 1.0 for equal, 0.0 if one is empty.

String distances by rapidfuzz (MIT): Jaro–Winkler for words, optimal string alignment (OSA)
for single slips. Numbers distinguish: `Company 1` and `Company 10` are two companies however
alike their letters are.
"""

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from shared.normalize.company import Company, generic_words
from shared.normalize.name import phonetic
from shared.normalize.text import ascii_digits, clean, fold

MAX_TEXT = 512
"""Characters compared; rapidfuzz takes time by the product of the lengths."""

MAX_WORDS = 12
"""Words of a company name compared, each with each."""

MOST_REMEMBERED = 8192
"""Words of company names whose letters are kept in memory (under 8 MB)."""

DIFFERENT_NUMBER = 0.5
"""The most that two values with different numbers in them can reach."""

SOUNDS_ALIKE = 0.9
"""What two words of one phonetic key get, at least: Meyer, Meier."""

GENERIC_WEIGHT = 0.25
"""What a business word (energy, solutions) counts beside a distinctive one (1.0)."""

SAME_WORD = 0.9
"""Jaro–Winkler from which two words of a company name are one word misspelt."""

ACRONYM = 0.88
"""An acronym of three letters or more meets the name it stands for; two letters get less."""

SHORT_ACRONYM = 0.75
"""Two letters: one pair of initials is shared by many names."""

CONTAINED = 0.75
"""All of one name in the other, which adds a distinctive word: a branch, or another firm."""

CONTAINED_GENERIC = 0.9
"""All of one name in the other, which adds business words only: Acme, Acme Solutions."""

OTHER_FORM = 0.95
"""One name under two legal forms: often two companies of one group."""


def text(a: str, b: str) -> float:
    """Return how alike two texts are, whatever the order of their words."""
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    left, right = fold(a, MAX_TEXT), fold(b, MAX_TEXT)
    if not left or not right:
        same = clean(a, MAX_TEXT) == clean(b, MAX_TEXT)
        return 1.0 if same else 0.0
    return max(fuzz.ratio(left, right), fuzz.token_sort_ratio(left, right)) / 100


def person_token(a: str, b: str) -> float:
    """Return how alike two words of personal names are; by letters, or by sound.

    An initial is not compared here: `J` and `John` have little in common as strings.
    """
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    left, right = fold(a, MAX_TEXT).replace(" ", ""), fold(b, MAX_TEXT).replace(" ", "")
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    score = spelling(left, right)
    if min(len(left), len(right)) >= 3 and phonetic(left) == phonetic(right):
        score = max(score, SOUNDS_ALIKE)
    return min(score, DIFFERENT_NUMBER) if digits_differ(left, right) else score


def company(a: Company, b: Company) -> float:
    """Return how alike two company names are.

    Words are matched one to one, misspelt ones too, and business words weigh little. Then the
    acronym, one name inside the other, and the same letters otherwise spaced may say more.
    """
    if not a.canonical or not b.canonical:
        return 0.0
    if a.canonical == b.canonical:
        other = a.legal_form and b.legal_form and a.legal_form != b.legal_form
        return OTHER_FORM if other else 1.0
    score = max(_overlap(a.tokens, b.tokens), _same_letters(a, b), _acronym(a, b))
    if score > DIFFERENT_NUMBER and digits_differ(a.canonical, b.canonical):
        return DIFFERENT_NUMBER
    return score


def one_typo(a: str, b: str) -> bool:
    """Return whether one slip (a letter wrong, missing, extra, or two swapped) parts a and b.

    Both of 4 characters or more, case ignored; digits are never slips: `test1` is not `test10`,
    but one may have changed places with a letter: `cao54` is `ca5o4`.
    """
    if len(a) > MAX_TEXT or len(b) > MAX_TEXT:
        return False
    left, right = a.lower(), b.lower()
    if len(left) < 4 or len(right) < 4 or not one_edit(left, right):
        return False
    return not digits_differ(left, right) or _digit_and_letter_swapped(left, right)


def one_edit(a: str, b: str) -> bool:
    """Return whether OSA tells a and b apart by 1, as they stand. Both of 3 characters or more."""
    if abs(len(a) - len(b)) > 1:
        return False
    # One edit leaves the first sign alone, or the last; asking rapidfuzz costs ten such looks.
    return (a[0] == b[0] or a[-1] == b[-1]) and OSA.distance(a, b, score_cutoff=1) == 1


def _digit_and_letter_swapped(a: str, b: str) -> bool:
    """True for two texts a keystroke apart that have the same signs, their digits in one order."""
    return sorted(a) == sorted(b) and _digits(a) == _digits(b)


def _digits(value: str) -> str:
    return "".join(filter(str.isdigit, value))


def digits_differ(a: str, b: str) -> bool:
    """Return whether the numbers in *a* and *b* differ: in value, count or order.

    Leading zeros count for nothing (`01` is `1`); having a number differs from having none.
    """
    if (a.isalpha() and b.isalpha()) or not (_MAYBE_DIGIT.search(a) or _MAYBE_DIGIT.search(b)):
        return False
    return _numbers(a) != _numbers(b)


_MAYBE_DIGIT = re.compile(r"[^ a-z.&-]")
"""What may be, or become, a digit: all but the commonest other characters."""


def _numbers(value: str) -> list[str]:
    plain = ascii_digits(clean(value, MAX_TEXT))
    return [run.lstrip("0") or "0" for run in re.findall(r"[0-9]+", plain)]


def spelling(a: str, b: str) -> float:
    """Return Jaro–Winkler of two words that `fold` has written: as `person_token`, but at once.

    In one order whichever way they are asked about, so that nothing can break symmetry.
    """
    return _jaro_winkler(a, b) if a < b else _jaro_winkler(b, a)


_jaro_winkler = JaroWinkler.similarity


def _same_letters(a: Company, b: Company) -> float:
    joined, other = "".join(a.tokens), "".join(b.tokens)
    if abs(len(joined) - len(other)) > 1:
        return 0.0
    if joined == other or sorted(a.tokens) == sorted(b.tokens):
        return 0.97
    if one_typo(joined, other) and _distinctive(a.tokens) and _distinctive(b.tokens):
        return 0.92
    return 0.0


def _acronym(a: Company, b: Company) -> float:
    """Return the score of one name being the other's acronym."""
    if len(a.tokens) > 1 < len(b.tokens):
        return 0.0
    for short, long in ((a, b), (b, a)):
        if len(short.tokens) == 1 < len(long.tokens):
            meeting = {short.canonical} & short.acronyms & long.acronyms
            if meeting:
                return ACRONYM if len(short.canonical) >= 3 else SHORT_ACRONYM
    return 0.0


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return the weight of the words that meet, of all words; more if one holds the other."""
    a, b = a[:MAX_WORDS], b[:MAX_WORDS]
    pairs = _matched(a, b)
    if not pairs:
        return 0.0
    one, other = {p[1] for p in pairs}, {p[2] for p in pairs}
    left = [w for i, w in enumerate(a) if i not in one]
    right = [w for i, w in enumerate(b) if i not in other]
    met = sum(s * max(_weight(a[i]), _weight(b[j])) for s, i, j in pairs)
    whole = sum(max(_weight(a[i]), _weight(b[j])) for _, i, j in pairs)
    score = met / (whole + sum(map(_weight, left)) + sum(map(_weight, right)))
    inside = (not left or not right) and any(_weight(a[i]) == 1.0 for _, i, _ in pairs)
    if not inside:
        return score
    held = CONTAINED if _distinctive(left or right) else CONTAINED_GENERIC
    return max(score, held * met / whole)


def _matched(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[float, int, int]]:
    """Return (score, place in a, place in b) of the words that meet, best first, one to one."""
    found: list[tuple[float, int, int]] = []
    if not set(a).isdisjoint(b):
        for i, x in enumerate(a):
            places = (j for j, y in enumerate(b) if x == y and all(j != p[2] for p in found))
            if (place := next(places, None)) is not None:
                found.append((1.0, i, place))
    if len(found) in (len(a), len(b)):
        return found
    one, other = {p[1] for p in found}, {p[2] for p in found}
    alike = [
        (score, i, j)
        for i, x in enumerate(a)
        if i not in one
        for j, y in enumerate(b)
        if j not in other and (score := _word(x, y)) >= SAME_WORD
    ]
    for score, i, j in sorted(alike, key=lambda s: (-s[0], s[1] + s[2], abs(s[1] - s[2]))):
        if all(i != p[1] and j != p[2] for p in found):
            found.append((score, i, j))
    return found


def _word(a: str, b: str) -> float:
    if a == b:
        return 1.0
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    # Of a word and one twice as long, Jaro–Winkler stays under SAME_WORD.
    if len(short) < 4 or 2 * len(short) < len(long):
        return 0.0
    # So it does where the longer word lacks more than a quarter of the other's letters; most do.
    if 4 * len(_letters(short) - _letters(long)) > len(short) or digits_differ(a, b):
        return 0.0
    return 0.95 if one_edit(a, b) else spelling(a, b)


_letters = lru_cache(MOST_REMEMBERED)(frozenset[str])


def _weight(word: str) -> float:
    return GENERIC_WEIGHT if word in _GENERIC else 1.0


def _distinctive(words: tuple[str, ...] | list[str]) -> bool:
    return any(_weight(word) == 1.0 for word in words)


_GENERIC = generic_words()
