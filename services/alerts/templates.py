"""Templates of titles and messages: text with facts in braces, and nothing that can be run.

Pure. `{match_score:.0f}` is a fact with one of SPECS, `{place|an unknown town}` one with what
stands for it while it is unknown, `{{` and `}}` are braces. Names are checked where a rule is made.
What is made of a template has no control characters, and a title no line break of any script:
it becomes the subject of a mail (RFC 5322, section 2.2).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from services.alerts.happening import Fact
from services.alerts.vocabulary import ALSO, FACTS, known, meant
from shared.errors import Malformed
from shared.normalize.industry import industry

LONGEST_TITLE, LONGEST_MESSAGE = 200, 4_000
"""Characters, of templates and of what is made of them."""

LONGEST_VALUE = 200
"""Characters of one fact in a title or a message; `data.title` and `data.message` are whole."""

MOST_REMEMBERED = 4_096
"""Templates that are kept read: four for each of a thousand rules."""

UNKNOWN = "unknown"
"""What stands for a fact that nobody knows, if the template does not say."""

OF_ALERT = ("rule_name", "priority", "alert_type")
"""What is no fact, and known of every alert."""

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_SLOT = re.compile(r"([A-Za-z0-9_.-]{1,100})(?::([^|]*))?(?:\|(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a fact stands."""

    name: str
    spec: str = ""
    otherwise: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots, checked."""

    parts: tuple[str | Slot, ...]

    def filled(self, facts: Mapping[str, Fact]) -> str:
        """Return the text with *facts*, as it comes: `title` and `message` make it clean."""
        return "".join(
            part if isinstance(part, str) else _shown(part, facts.get(part.name))
            for part in self.parts
        )


def read_title(text: str, field: str = "title") -> Template:
    """Return the template of a title. Raises Malformed, naming the character, for one that is none.

    `details` has *field*; a title is one line of at most LONGEST_TITLE characters.
    """
    if len(text) > LONGEST_TITLE or not text.strip():
        raise Malformed(details={field: f"must have 1 to {LONGEST_TITLE} characters"})
    for at, char in enumerate(text, 1):
        if _breaks(char) or unicodedata.category(char) in _UNSEEN:
            raise Malformed(details={field: f"at character {at}: must be one line of plain text"})
    return read(text, field)


def read_message(text: str, field: str = "message") -> Template:
    """Return the template of a message. Raises Malformed, naming the character."""
    if len(text) > LONGEST_MESSAGE or not text.strip():
        raise Malformed(details={field: f"must have 1 to {LONGEST_MESSAGE} characters"})
    return read(text, field)


@lru_cache(MOST_REMEMBERED)
def read(text: str, field: str) -> Template:
    """Return *text* read. Raises Malformed for a brace by itself, a name or a form unknown."""
    parts: list[str | Slot] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts.append(text[end : token.start()])
        end = token.end()
        if token[0] in ("{{", "}}"):
            parts.append(token[0][0])
        elif token[1] is None:
            _refuse(field, token.start(), "a brace by itself; write it twice for a brace")
        else:
            parts.append(_slot(token[1], field, token.start()))
    return Template(tuple(part for part in (*parts, text[end:]) if part))


def title(text: str) -> str:
    """Return *text* as a title: one line, without control characters, cut to LONGEST_TITLE."""
    return _cut(" ".join(_plain(text).split()), LONGEST_TITLE)


def message(text: str) -> str:
    r"""Return *text* as a message: lines end in \n, without other control characters, cut."""
    lines = "".join("\n" if _breaks(char) else char for char in text.replace("\r\n", "\n"))
    plain = "\n".join(" ".join(_plain(line).split()) for line in lines.split("\n"))
    return _cut(re.sub(r"\n{3,}", "\n\n", plain).strip(), LONGEST_MESSAGE)


def _slot(inside: str, field: str, at: int) -> Slot:
    found = _SLOT.fullmatch(inside)
    if not found:
        _refuse(field, at, "is no name of a fact")
    name, spec, otherwise = found[1], found[2] or "", found[3]
    one = None if name in OF_ALERT else known(name)
    if one is None and name not in OF_ALERT:
        _refuse(field, at, "is no fact" + meant(name, (*FACTS, *ALSO, *OF_ALERT)))
    if spec not in SPECS:
        _refuse(field, at, f"has no such form; one of {', '.join(filter(None, SPECS))}")
    if spec and (one is None or not one.is_ordered):
        _refuse(field, at, "is no number, and has no form")
    return Slot(one.name if one else name, spec, UNKNOWN if otherwise is None else otherwise)


def _refuse(field: str, at: int, reason: str) -> NoReturn:
    raise Malformed(details={field: f"at character {at + 1}: {reason}"})


def _shown(slot: Slot, value: Fact) -> str:
    """Return *value* for people, at most LONGEST_VALUE characters."""
    if value is None or value == ():
        return slot.otherwise
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return SPECS[slot.spec](value)
    if slot.name == "industry" and isinstance(value, str):
        found = industry(value)
        return found.name if found else value
    text = ", ".join(value) if isinstance(value, tuple) else value
    return text if slot.name in _WHOLE else _cut(text, LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _plain(text: str) -> str:
    """Return *text* with white space for what breaks lines and nothing for what is not seen."""
    return text if text.isprintable() else "".join(_seen(text))


def _seen(text: str) -> Iterator[str]:
    for char in text:
        if _breaks(char):
            yield " "
        elif unicodedata.category(char) not in _UNSEEN:
            yield char


def _breaks(char: str) -> bool:
    """True for whatever any reader takes for the end of a line (UAX #14, str.splitlines)."""
    return char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
"""Control, format (bidirectional too), surrogate, private and unassigned characters."""

_WHOLE = ("data.title", "data.message")

SPECS: Mapping[str, Callable[[float], str]] = {
    "": lambda value: f"{value:,.10g}",
    ".0f": lambda value: f"{value:.0f}",
    ".1f": lambda value: f"{value:.1f}",
    ".2f": lambda value: f"{value:.2f}",
    ",": lambda value: f"{value:,.0f}",
}
"""Forms of numbers, by what stands behind the colon."""
