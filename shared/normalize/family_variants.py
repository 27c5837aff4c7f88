"""East Asian names across scripts and romanisations: 陳, Chen, Chan and Tan; 佐藤 and Satoh.

Chinese and Korean family names stand with their usual spellings in `data/family_variants.csv`,
Japanese names with their readings in `data/japanese_names.csv`. Japanese in Latin letters is
respelt by rule: Hepburn (the romanisation of passports) from Kunrei-shiki (ISO 3602), its
long vowels unmarked. Two names meet if what these functions return for them meets.
"""

import re
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from shared.normalize.name_script import native
from shared.normalize.tables import rows
from shared.normalize.text import clean, fold

MAX_NAME = 64
"""Characters of a name that are looked at."""

MOST_REMEMBERED = 1024
"""Words that are kept in memory as slips or none (under 200 kB): few are asked about."""

_HANGUL = re.compile("[\uac00-\ud7af]")
_KANA = re.compile("[\u3041-\u30ff]+")
_VOWEL = re.compile("[aeiou]")
_FINAL_G = re.compile("(?<=[aeiou])g(?![aeiou])")

_OLD_FORMS = str.maketrans(
    "髙﨑邉邊濵濱齋齊澤廣嶋國櫻龍惠眞壽榮圓瀧淵曾", "高崎辺辺浜浜斎斉沢広島国桜竜恵真寿栄円滝渕曽"
)
"""Characters that families keep from before the reform of 1946, and today's."""

_VOICED = str.maketrans("zgdb", "skth")
"""Consonants that a second word takes within a name, and its own."""

_SMALL = {
    small: mark
    for smalls, mark in (
        ("ゃャ", "~ya"), ("ゅュ", "~yu"), ("ょョ", "~yo"), ("っッ", "^"), ("ー", ""), ("をヲ", "o")
    )
    for small in smalls
}  # fmt: skip
"""Kana that change their neighbour: ~ joins the syllable before, ^ doubles the letter after."""

_JOINS = ((re.compile("(?<=sh|ch)i~y"), ""), (re.compile("ji~y"), "j"), (re.compile("i~y"), "y"))
_DOUBLES = re.compile(r"\^([a-z])")

_HEPBURN = tuple(
    (letters, re.compile(spelt), hepburn)
    for letters, spelt, hepburn in (
        ("hy", "[sc]hy", lambda m: m[0][:2]),
        ("sy", "sy", "sh"),
        ("ty", "ty", "ch"),
        ("y", "[zj]y|dzy", "j"),
        ("si", "si", "shi"),
        ("ti", "ti", "chi"),
        ("tu", "tu", "tsu"),
        ("i", "[zd]i", "ji"),
        ("d", "dz?u", "zu"),
        ("hu", "(?<![sc])hu", "fu"),
        ("cch", "cch", "tch"),
        ("m", "m(?=[bmp])", "n"),
        ("nni", "nn(?=i)", "n"),
        ("uye", "uye", "ue"),
        ("h", "(?<=[ou])h(?![aeiouy])", ""),
        ("o", "o(?:o|u(?!e))+", "o"),
        ("uu", "uu+", "u"),
    )
)
"""Letters without which nothing is respelt, what is, and how.

Kunrei-shiki and older spellings, and long vowels; Inoue keeps its u. Applied in order."""

_JAPANESE = re.compile(
    "(?:(?:kk?|ss?|tt?|pp?|[gzdnhbmyrwjf]|s?sh|t?ch|t?ts|[kgnhbpmr]y)?[aeiou]|n(?![aeiouy]))++"
)
"""Open syllables and n: what a Japanese word is made of."""


def family_roots(family: str) -> frozenset[str]:
    """Return the folded names that *family* may stand for, its own fold included.

    *family* in Han, Hangul, kana or Latin letters: 陈 and 陳 give chen; chan gives chan and
    chen; 佐藤 gives sato beside its fold; satoh gives satoh and sato. At most 12 names; empty
    for a text without letters. Never raises.
    """
    folded = fold(family, MAX_NAME)
    if not folded:
        return frozenset()
    text = family if family.isascii() else clean(family, MAX_NAME).replace(" ", "")
    if not text.isascii() and _HANGUL.search(text):
        return _with_roots({folded, _FINAL_G.sub("k", folded)})
    if native(text):
        # Its fold is pinyin already: the table's Latin spellings are for other characters.
        return _roots().get(text, frozenset()) | _native_readings(text, "family") | {folded}
    return _with_roots({folded, _respelt_family(folded)}, folded.replace(" ", ""))


def east_asian(family: str) -> bool:
    """Return whether the folded *family* is a usual spelling of a Chinese or Korean name."""
    return family in _roots()


@lru_cache(MOST_REMEMBERED)
def a_slip_from_one(word: str) -> bool:
    """Return whether a folded *word* is one keystroke from such a name: Wnog, Kanf."""
    return any(OSA.distance(word, name, score_cutoff=1) == 1 for name in _roots())


def given_readings(given: str) -> frozenset[str]:
    """Return the Japanese readings of *given*, in Hepburn without long vowels, folded.

    In Han the usual ones (裕子: yuko, hiroko), in kana or Latin letters the one that is meant
    (しょうた, syota, shouta: shota); a given name known from elsewhere is left as it is (Hugo).
    Empty where nothing is known: Han that is in no table, Hangul, no Japanese word.
    """
    text = clean(given, MAX_NAME).replace(" ", "")
    if native(text):
        return _native_readings(text, "given")
    name = fold(text, MAX_NAME).replace(" ", "")
    spelt = name if name in _elsewhere("given_names.csv") else _hepburn(name)
    return frozenset({spelt} if _JAPANESE.fullmatch(spelt) else ())


def warm() -> None:
    """Load all tables now (about 25 ms)."""
    _roots()
    _spelt()
    _characters()
    _elsewhere("family_names.csv")
    _elsewhere("given_names.csv")


def _with_roots(names: set[str], *also: str) -> frozenset[str]:
    return frozenset(names).union(*(_roots().get(name, ()) for name in (*names, *also)))


def _respelt_family(folded: str) -> str:
    """Return *folded* in Hepburn if it looks Japanese and is not known from elsewhere.

    One syllable is Chinese or Korean more often (Chou, Koh, Joo): it stays.
    """
    spelt = _hepburn(folded)
    japanese = _JAPANESE.fullmatch(spelt) and len(_VOWEL.findall(spelt)) > 1
    return spelt if japanese and folded not in _elsewhere("family_names.csv") else folded


def _native_readings(text: str, kind: str) -> frozenset[str]:
    if _KANA.fullmatch(text):
        spelt = _hepburn(_romaji(text))
        return frozenset({spelt} if spelt else ())
    text = text.translate(_OLD_FORMS)
    listed = _readings().get((kind, text), frozenset())
    if kind != "family":
        return listed
    composed = _composed(text)
    if not listed:
        return composed
    heard = {_unvoiced(each) for each in listed}
    return listed | {each for each in composed if _unvoiced(each) in heard}


def _unvoiced(name: str) -> str:
    """Return *name* without the voicing that a second word may take: Nishizawa, Nishisawa."""
    return name.translate(_VOICED)


def japanese_given(word: str) -> bool:
    """Return whether a folded *word* in Latin letters is a Japanese given name, and no family."""
    given, families = _spelt()
    return (spelt := _hepburn(word)) in given and spelt not in families


def japanese_word(word: str) -> bool:
    """Return whether a folded *word* is of two open syllables or more, as Japanese families are."""
    spelt = _hepburn(word)
    return _JAPANESE.fullmatch(spelt) is not None and len(_VOWEL.findall(spelt)) > 1


def _composed(text: str) -> frozenset[str]:
    """Return how a family name of two characters may be read: each as it is in other names."""
    one, other = (_characters().get(sign, ()) for sign in text) if len(text) == 2 else ((), ())
    return frozenset(f"{left}{right}" for left in one for right in other)


def _romaji(kana: str) -> str:
    """Return *kana* in Latin letters, one syllable a sign: しょうた is shouta."""
    spelt = "".join(_SMALL[sign] if sign in _SMALL else fold(sign) for sign in kana)
    for pattern, joined in _JOINS:
        spelt = pattern.sub(joined, spelt)
    return re.sub("[^a-z]", "", _DOUBLES.sub(r"\1\1", spelt))


def _hepburn(name: str) -> str:
    for letters, pattern, hepburn in _HEPBURN:
        if letters in name:
            name = pattern.sub(hepburn, name)
    return name


@cache
def _roots() -> dict[str, frozenset[str]]:
    """Return, for each spelling, the first name of every row that it stands in."""
    found: dict[str, set[str]] = {}
    for root, *others in rows("family_variants.csv"):
        for name in (root, *others):
            found.setdefault(name, set()).add(root)
    return {name: frozenset(roots) for name, roots in found.items()}


@cache
def _readings() -> dict[tuple[str, str], frozenset[str]]:
    """Return the readings of each (`family` or `given`, name in Han), also without long vowels."""
    return {
        (kind, name): frozenset(readings).union(map(_hepburn, readings))
        for kind, name, *readings in rows("japanese_names.csv")
    }


@cache
def _spelt() -> tuple[frozenset[str], frozenset[str]]:
    """Return the given and the family names of the table in Latin letters."""
    found: dict[str, set[str]] = {"given": set(), "family": set()}
    for (kind, _), readings in _readings().items():
        found[kind] |= readings
    return frozenset(found["given"]), frozenset(found["family"])


@cache
def _characters() -> dict[str, tuple[str, ...]]:
    return {sign: tuple(readings) for sign, *readings in rows("japanese_characters.csv")}


@cache
def _elsewhere(table: str) -> frozenset[str]:
    """Return the names of a table of frequencies that are commonest outside Japan."""
    return frozenset(name for name, _figure, country in rows(table) if country != "JP")
