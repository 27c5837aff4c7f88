"""How labels are spelt: from any label to words that can be looked up.

`yourEmail*`, `your-email`, `Your E-Mail:` and `form_fields[your_email]` end in the same two words.
Unlike `shared.normalize.text.fold` this keeps every script, for a label in characters is looked up
in characters.
"""

import html
import re
import unicodedata
from functools import lru_cache

LONGEST = 200
"""Characters of a label that are read; the longest questions have some 120."""

BOUNDARY = "|"
"""Between the steps of a path: what stands before it is where the field stands."""

_TAG = re.compile(r"<[^<>@]*>")
_STEP = re.compile(r"(?<=\w)\.(?=[^\s\d])|[\[\]>\\]+|::|\|")
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)")
_E_MAIL = re.compile(r"\be[\W_]{0,3}mail")
_E_POST = re.compile(r"\be-(?=po[sš]t)")
_WORD = re.compile("(?:[^\\W_]|[\u0900-\u0dff\u0e00-\u0eff])+")
_SINGLES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def spelt(label: str) -> str:
    """Return *label* in its letters alone: NFKC, no case, no accents; other signs as they are."""
    lower = label.casefold() if label.isascii() else _bare(label)
    return _E_POST.sub("e ", _E_MAIL.sub("email", lower))


def words(label: str) -> list[str]:
    """Return the words of *label*, with BOUNDARY between the steps of a path."""
    text = label[:LONGEST]
    if "&" in text or "<" in text:
        text = _TAG.sub(" ", html.unescape(text))
    text = _STEP.sub(" \ue000 ", _CAMEL.sub(" ", text))
    found: list[str] = []
    for step in spelt(text).split("\ue000"):
        inner = _WORD.findall(step)
        if inner and found:
            found.append(BOUNDARY)
        found += inner
    return found


def folded(label: str) -> str:
    """Return *label* as its words, for telling whether two labels are one."""
    # A key may have a megabyte: what is cut is not remembered, nor the whole of it.
    return _folded(label) if len(label) <= LONGEST else " ".join(words(label))


@lru_cache(4096)
def _folded(label: str) -> str:
    return " ".join(words(label))


def _bare(label: str) -> str:
    apart = unicodedata.normalize("NFKD", label.casefold())
    bare = "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Cf"))
    return unicodedata.normalize("NFKC", bare).translate(_SINGLES)
