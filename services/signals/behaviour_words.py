"""What an address, a search or a title is about: whole words of five languages, never parts of one.

Pure. `data/behaviour_words.tsv` lists, by what they tell, words and sequences of words: the types
of signals, and the stages of a visitor's way from reading to asking. "corporate-strategy/generated"
holds no word "rate"; "/loans/rates" holds two.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, unquote, urlsplit

from services.signals.behaviour_event import plain
from services.signals.folding import folded, phrase
from services.signals.kinds import KINDS

STAGES = ("application", "calculator", "rates", "topic", "article")
"""How near to asking a page is, the nearest first. `application`: asks for a loan, an offer, a
demonstration or a call; `rates`: what it would cost; `topic`: any other page on the subject."""

NOBODY = "nobody"
"""Pages that tell of no need whatever else they say: careers, press, legal, logins."""

MOST_WORDS = 48
"""Words looked at of one text: an address has some ten."""

MOST_READ = 500
"""Characters looked at of one text: what stands behind tells campaigns apart, not pages."""

SEARCHES = frozenset(
    (
        *("q", "query", "s", "search", "search_term", "keyword", "keywords", "k", "term"),
        *("suche", "suchbegriff", "buscar", "busca", "busqueda", "pesquisa", "recherche", "mots"),
    )
)
"""Query parameters that hold what somebody searched for."""


@dataclass(frozen=True, slots=True)
class About:
    """What a page or a search is about."""

    types: frozenset[str] = frozenset()
    """Types of signals; none: it tells of no need by itself."""
    stage: str | None = None
    """One of STAGES; None: it tells nothing."""
    nobody: bool = False


NOTHING = About()


def of_address(url: str) -> About:
    """Return what the page at *url* is about, by its path, its searches and its subdomains."""
    segments, searches = _address(url)
    about = _about(segments)
    if about.nobody or not searches:
        return about
    searched = [of_text(search) for search in searches]
    return _together([about, *(one for one in searched if not one.nobody)])


def of_text(text: str) -> About:
    """Return what a search, a title or a name is about."""
    return _about([_split(text)])


def searched_for(url: str) -> str:
    """Return what an address says was searched for; "" if nothing."""
    return " ".join(_address(url)[1])


def page(url: str) -> str:
    """Return the path of an address alone: queries may name the person. A place on a site."""
    try:
        parts = urlsplit(_with_host(plain(url)))
    except ValueError:
        return "/"
    return unquote(parts.path or "/", errors="replace")


def _about(segments: Sequence[str]) -> About:
    words = [word for segment in segments for word in segment.split()][:MOST_WORDS]
    names = set(_named(words))
    names |= _table().get("/" + " ".join(word for word in words if word not in _LANGUAGES), set())
    if NOBODY in names:
        return About(nobody=True)
    types = frozenset(names & KINDS.keys())
    return About(types, _stage(names, types))


def _stage(names: set[str], types: frozenset[str]) -> str | None:
    if "article" in names:
        return "article"
    return next((stage for stage in STAGES if stage in names), "topic" if types else None)


def _named(words: Sequence[str]) -> Iterable[str]:
    table = _table()
    for start in range(len(words)):
        for length in range(1, _longest() + 1):
            yield from table.get(" ".join(words[start : start + length]), ())


def _together(abouts: Sequence[About]) -> About:
    """Return what several texts on one page say together."""
    types = frozenset[str]().union(*(one.types for one in abouts))
    stages = {one.stage for one in abouts}
    return About(types, _stage({stage for stage in stages if stage}, types))


def _address(url: str) -> tuple[list[str], list[str]]:
    """Return the words of each segment of an address, and what its queries search for."""
    url = _with_host(plain(url[:MOST_READ]))
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # an address that is none still has words
        return [_split(url)], []
    path = parts.path.split("/")
    path[-1] = _ENDING.sub("", path[-1])
    if parts.fragment.lstrip("!").startswith("/"):  # the path of a page that a script draws
        path += parts.fragment.split("/")
    queries = parse_qsl(parts.query, max_num_fields=None)[:MOST_WORDS]
    found = [value for name, value in queries if name.lower() in SEARCHES]
    segments = [*_subdomains(host), *(unquote(unquote(segment)) for segment in path)]
    return [words for segment in segments if (words := _split(segment))], found


def _with_host(url: str) -> str:
    """Return *url* so that "shop.example/loans" has a host."""
    return f"//{url}" if _BARE_HOST.match(url) else url


def _subdomains(host: str) -> list[str]:
    """Return what stands before the name of a site: that is a brand, and on every page of it."""
    return [label for label in host.split(".")[:-2] if label != "www"]


def _split(text: str) -> str:
    """Return the words of *text* between single spaces, "LoanRates" as two."""
    return " ".join(folded(_CAMEL.sub(" ", text[:MOST_READ])).split())


_LANGUAGES = frozenset({"en", "de", "es", "fr", "pt", "us", "gb", "at", "ch", "br", "mx", "ca"})
"""Segments that say in which language, or for which country, a page is."""

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|pdf|docx?|xlsx?)$", re.IGNORECASE)
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/")


def read(text: str) -> Mapping[str, frozenset[str]]:
    """Return, by words, what they tell. Raises ValueError for a name that is none of ours.

    A line is a name, a language and phrases, tab-separated; `/x` is all that a path says, its
    language apart.
    """
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, phrases = line.split("\t")
        if name not in KINDS and name not in (*STAGES, NOBODY):
            raise ValueError(f"{name} is no type of signals and no stage")
        _add(found, name, phrases.split(","))
    for kind in KINDS.values():
        _add(found, kind.name, kind.pages)
    return {words: frozenset(names) for words, names in found.items()}


def _add(found: dict[str, set[str]], name: str, phrases: Iterable[str]) -> None:
    for written in phrases:
        whole = "/" if written.strip().startswith("/") else ""
        for spelling in phrase(written):
            found.setdefault(whole + spelling, set()).add(name)


@cache
def _table() -> Mapping[str, frozenset[str]]:
    path = files("services.signals") / "data" / "behaviour_words.tsv"
    return read(path.read_text(encoding="utf-8"))


@cache
def _longest() -> int:
    return max(words.count(" ") + 1 for words in _table())
