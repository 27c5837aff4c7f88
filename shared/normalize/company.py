"""Company names: the core that identifies, apart from legal form, abbreviations and filler.

Legal forms after public company registers (ISO 20275 lists them); tables in `data/` were
written for this project. An acronym is the initials of the core, with or without the
legal form's (`Technology Solutions Inc`: ts, tsi).
"""

import re
from functools import cache, lru_cache
from html import unescape

from rapidfuzz import process
from rapidfuzz.distance import OSA

from shared.frozen import frozen
from shared.normalize.email_domains import public_suffix, registrable
from shared.normalize.tables import rows
from shared.normalize.text import clean, fold

MAX_INPUT = 256
"""Characters looked at; registers allow some 160."""

MAX_TOKENS = 24
"""Words kept."""

MOST_REMEMBERED = 2048
"""Names that are kept in memory as parsed (under 2 MB): a firm is named by many."""

_CONNECTORS = frozenset(
    (
        *("and", "und", "et", "y", "e", "i", "og", "och", "en", "ve", "ja", "a"),
        *("va", "dan", "ir", "si", "es", "kai", "un", "eta", "agus"),
    )
)
"""And, in languages of companies' names."""

_SMALL_WORDS = frozenset(
    {"of", "for", "the", "de", "du", "des", "del", "di", "do", "da", "der", "die", "fur", "van"}
)
"""Words that an acronym may leave out: Massachusetts Institute of Technology is MIT."""

LONG_WORD = 6
"""Letters from which a business word is known with a slip in it: suplplies, Iunvest."""

_HOST = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,24})(?:[/?#]\S*)?", re.IGNORECASE)
_INSET_ACRONYM = re.compile(r"\(([A-Z]{2,6})\)")
_SHORT_PAIR = re.compile(r"(?<!\w)(\w{1,2}) ?& ?(\w{1,2})(?!\w)")
_SIGNS = re.compile(r"\W")
_MAX_ACRONYM = 6


@frozen
class Company:
    """A company's name. `canonical` is its core words; `legal_form` a class such as `ltd`."""

    canonical: str
    tokens: tuple[str, ...]
    legal_form: str | None
    acronyms: frozenset[str]


def parse(text: str) -> Company | None:
    """Return the company named in *text*, or None if no letter or digit is.

    A domain (`acme.com`, `https://www.acme.co.uk/`) names its label. The core never becomes
    empty: `The Company Ltd` keeps its last word.
    """
    if "&" in text and ";" in text:
        text = unescape(text[:MAX_INPUT])  # Smith &amp; Sons
    return _parsed(clean(text, MAX_INPUT))


@lru_cache(MOST_REMEMBERED)
def _parsed(text: str) -> Company | None:
    text, native_form = _without_native_form(text)
    text = _site_label(text)
    text, inset = _without_inset_acronym(text)
    words = _merged(fold(_joined_ampersands(text), MAX_INPUT).split())[:MAX_TOKENS]
    tokens, form, initials = _without_forms(words, text)
    if not tokens:
        return None
    return Company(
        canonical=" ".join(tokens),
        tokens=tokens,
        legal_form=form or native_form,
        acronyms=_acronyms(tokens, initials, text) | _as_written(tokens, words, initials) | inset,
    )


def generic_words() -> frozenset[str]:
    """Return the business words, as stems, that tell little about which company it is."""
    return frozenset(_stems().values())


def warm() -> None:
    """Load the tables now (about 5 ms), so that no request waits for them."""
    parse("Warm Technologies Ltd")


def _without_native_form(text: str) -> tuple[str, str | None]:
    spellings = _native_spellings()
    if not (text.startswith(spellings) or text.endswith(spellings)):
        return text, None
    for spelling, form in _native_forms():
        for side in (text.removeprefix(spelling), text.removesuffix(spelling)):
            if side != text and fold(side):
                return _without_native_form(side.strip())[0], form
    return text, None


def _site_label(text: str) -> str:
    """Return *text* with every web address in it replaced by the name that was registered."""
    if "." not in text:
        return text
    words = []
    for word in text.split():
        host = _HOST.fullmatch(word.strip(",;"))
        domain = host.group(1).lower() if host else ""
        label = registrable(domain).split(".")[0] if domain and public_suffix(domain) else ""
        words.append(label if len(label) > 2 else word)
    return " ".join(words)


def _without_inset_acronym(text: str) -> tuple[str, frozenset[str]]:
    """Return *text* without `(TSI)` behind a longer name, and that acronym."""
    inset = _INSET_ACRONYM.search(text) if "(" in text else None
    if not inset or len(fold(text).split()) < 3:
        return text, frozenset()
    return text.replace(inset.group(), " "), frozenset({inset.group(1).lower()})


def _joined_ampersands(text: str) -> str:
    """Return *text* with AT&T as one word and any other `&` or `+` as `and`."""
    if "&" in text:
        text = _SHORT_PAIR.sub(r"\1\2", text).replace("&", " and ")
    return text.replace("+", " and ")


def _merged(words: list[str]) -> list[str]:
    """Return *words* with runs of single letters as one: i b m is ibm, s a is sa."""
    found: list[str] = []
    run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and run:
            found[-1] += word
        else:
            found.append(word)
        run = single
    return found


def _as_written(tokens: tuple[str, ...], words: list[str], form: str) -> frozenset[str]:
    """Return the acronyms of *words* abroad, which are no stems: Ingegneria is no E."""
    written = {_stems().get(word, word): word for word in words}
    spelt = tuple(written.get(token, token) for token in tokens)
    return frozenset() if spelt == tokens or len(tokens) == 1 else _acronyms(spelt, form, "")


def _without_forms(words: list[str], text: str) -> tuple[tuple[str, ...], str | None, str]:
    """Return the core of *words* as stems, the legal form's class and its spelling."""
    form, spelling, before = None, "", None
    while words != before:
        before = words
        words, found, spelt = _cut_form(words, text)
        form, spelling = form or found, spelling or spelt
        words = words[1:] if len(words) > 1 and words[0] == "the" else words
        inner = [w for w in words[1:-1] if w not in _CONNECTORS]
        words = _merged([*words[:1], *inner, *words[-1:]] if len(words) > 1 else words)
        words = [_stem(word) for word in words]
    return tuple(words), form, spelling


def _cut_form(words: list[str], text: str) -> tuple[list[str], str | None, str]:
    for size in range(min(6, len(words) - 1), 0, -1):
        tail = " ".join(w for w in words[-size:] if w not in {"and", "und"})
        kept = words[:-size]
        if tail in _forms() and _written_so(tail, text):
            return kept, _forms()[tail][0], tail
    opening = words[0] if len(words) > 1 else ""
    if opening in _forms() and _forms()[opening][1] and _written_so(opening, text):
        return words[1:], _forms()[opening][0], opening
    return words, None, ""


def _written_so(form: str, text: str) -> bool:
    """Return whether *form*, if a word too, is in capitals or has dots in *text*: S.p.A., a.s."""
    if not _forms()[form][2]:
        return True
    found = re.search(r"(?<!\w)" + r"[./ ]*".join(form) + r"(?!\w)", text, re.IGNORECASE)
    if found:
        letters = found.group()
        return sum(c.isupper() for c in letters) >= 2 or letters.count(".") >= len(form) - 1
    return not text.isascii()  # another alphabet: the form was transliterated


def _acronyms(tokens: tuple[str, ...], form: str, text: str) -> frozenset[str]:
    if len(tokens) == 1:
        written = _SIGNS.sub("", text)
        short = 2 <= len(tokens[0]) <= _MAX_ACRONYM and tokens[0].isalpha()
        shouted = tokens[0].upper() in written or len(tokens[0]) <= 3
        return frozenset({tokens[0]}) if short and shouted else frozenset()
    core = "".join(token[0] for token in tokens)
    bare = "".join(token[0] for token in tokens if token not in _SMALL_WORDS)
    found = frozenset({core, core + form[:1], bare if len(bare) > 1 else core})
    return found | ({core + form} if 2 <= len(form) <= 4 else set())


@cache
def _forms() -> dict[str, tuple[str, bool, bool]]:
    """Return spelling -> (class, may stand first, is also a word)."""
    found: dict[str, tuple[str, bool, bool]] = {}
    for kind, *spellings in rows("legal_forms.csv"):
        for spelling in filter(None, spellings):
            bare = spelling.lstrip("*^")
            marks = spelling[: len(spelling) - len(bare)]
            known = found.get(bare, (kind, False, False))
            found[bare] = (known[0], known[1] or "^" in marks, "*" in marks or known[2])
    return found


@cache
def _native_forms() -> tuple[tuple[str, str], ...]:
    pairs = [(clean(s), kind) for kind, *forms in rows("native_forms.csv") for s in forms if s]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _native_spellings() -> tuple[str, ...]:
    return tuple(spelling for spelling, _ in _native_forms())


@lru_cache(MOST_REMEMBERED)
def _stem(word: str) -> str:
    """Return the stem of a business word, also where a long one is written with a slip."""
    known = _stems().get(word)
    if known is not None or len(word) < LONG_WORD - 1:
        return known or word
    alike = _long_words().get(word[0], ())
    near = process.extract(word, alike, scorer=OSA.distance, score_cutoff=1, limit=None)
    meant = {_stems()[each] for each, _, _ in near}
    return meant.pop() if len(meant) == 1 else word


@cache
def _long_words() -> dict[str, list[str]]:
    """Return the business words of LONG_WORD letters and more by their first letter."""
    found: dict[str, list[str]] = {}
    for word in _stems():
        if len(word) >= LONG_WORD and word.isalpha():
            found.setdefault(word[0], []).append(word)
    return found


@cache
def _stems() -> dict[str, str]:
    return {word: row[0] for row in rows("business_words.csv") for word in row if word}
