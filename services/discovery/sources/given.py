"""An account's settings for a source, read strictly; every fault is told at once. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Malformed
from shared.field_names import shown
from shared.pages import addresses
from shared.pages.faults import BadUrl

LONGEST = 500
"""Characters of a text, unless its reader says otherwise."""


class Given:
    """Settings as they were sent, taken one by one."""

    def __init__(self, settings: Mapping[str, Any]):
        self._settings, self._faults = dict(settings), dict[str, object]()
        self._known: set[str] = set()

    def raw(self, name: str) -> Any:
        """Return the value of a setting; None and "" are silence."""
        self._known.add(name)
        value = self._settings.get(name)
        return None if value == "" else value

    def fault(self, name: str, problem: str) -> None:
        """Note what is wrong with a setting; of several faults of one the first counts."""
        self._faults.setdefault(name, problem)

    def text(self, name: str, default: str = "", longest: int = LONGEST) -> str:
        """Return a text of one line."""
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            self.fault(name, f"must be a text of one line, with at most {longest} characters")
            return default
        return value.strip()

    def number(self, name: str, least: int, most: int, default: int) -> int:
        """Return a whole number from *least* to *most*."""
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(name, f"must be a whole number from {least} to {most}")
            return default
        return value

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """Return one of *allowed*."""
        value = self.raw(name)
        if value is None:
            return default
        if value not in allowed:
            self.fault(name, f"must be one of {', '.join(allowed)}")
            return default
        return str(value)

    def texts(self, name: str, most: int, longest: int = LONGEST) -> tuple[str, ...]:
        """Return a list of texts; one alone may stand without its list."""
        value = self.raw(name)
        found = [] if value is None else [value] if isinstance(value, str) else value
        fit = isinstance(found, list) and len(found) <= most
        if not fit or not all(isinstance(one, str) and 0 < len(one) <= longest for one in found):
            self.fault(name, f"must list at most {most} texts of up to {longest} characters")
            return ()
        return tuple(found)

    def mapping(self, name: str, most: int, longest: int = LONGEST) -> dict[str, str]:
        """Return an object whose values are texts."""
        value = self.raw(name)
        found = {} if value is None else value
        if not isinstance(found, dict) or len(found) > most:
            self.fault(name, f"must be an object with at most {most} entries")
            return {}
        for position, (key, text) in enumerate(found.items(), 1):
            if not isinstance(text, str) or not 0 < len(text) <= longest:
                place = f"{name}.{shown(str(key), position)}"
                self.fault(place, f"must be a text with 1 to {longest} characters")
        return {str(key): text for key, text in found.items() if isinstance(text, str)}

    def sites(self, name: str, most: int) -> tuple[str, ...]:
        """Return addresses of pages, at least one."""
        found = self.texts(name, most, addresses.LONGEST)
        if not found and name not in self._faults:
            self.fault(name, "is required")
        for url in found:
            try:
                addresses.mended(url, frozenset())
            except BadUrl as error:
                self.fault(name, str(error.details["url"]))
        return found

    def patterns(self, name: str) -> tuple[str, ...]:
        """Return patterns of paths: `/company/*`; each begins with a slash or a star."""
        found = self.texts(name, 50, 200)
        if not all(one.startswith(("/", "*")) and one.count("*") <= MOST_STARS for one in found):
            self.fault(name, f"must list paths such as /company/*, with up to {MOST_STARS} stars")
            return ()
        return found

    def faults(self) -> dict[str, object]:
        """Return what is wrong, by name: settings that nobody asked for, too."""
        for position, name in enumerate(self._settings, 1):
            if name not in self._known:
                self.fault(shown(str(name), position), "is no setting of this source")
        return self._faults

    def finished(self) -> None:
        """Raise Malformed, by field, if anything is wrong or unknown."""
        if faults := self.faults():
            raise Malformed(details=faults)


MOST_STARS = 5
"""Of a pattern; one that needs more is a list of several."""


class Paths:
    """Which paths of a site are wanted."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]):
        """Patterns of paths with their queries, `*` for anything; no *include* is everything."""
        self._include, self._exclude = tuple(include), tuple(exclude)

    def wants(self, url: str) -> bool:
        """True for an address whose path is included and not excluded."""
        path = re.sub(r"^https?://[^/]*", "", url) or "/"
        included = not self._include or any(_fits(one, path) for one in self._include)
        return included and not any(_fits(one, path) for one in self._exclude)


def _fits(pattern: str, path: str) -> bool:
    """True if *path* is as *pattern* has it; in linear time, which no regular expression is."""
    first, *between = pattern.split("*")
    if not between:
        return path == pattern
    if not path.startswith(first):
        return False
    at, last = len(first), between.pop()
    for part in between:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(path) - len(last) >= at and path.endswith(last)
