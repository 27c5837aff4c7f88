"""Markup: the XML of a workbook as it streams by, with bounds on all that could grow. Pure.

A document type is refused, and with it every entity that multiplies or reaches outside
(defusedxml says why). Nothing is kept of what went by.
"""

from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from shared.errors import Malformed

CHUNK = 64 * 1024

DEEPEST = 64
"""Elements within each other; a worksheet has some ten."""

LONGEST_TOKEN = 4 * 1024**2
"""Bytes of a tag or a comment, which the parser holds whole."""

DAMAGED = "The workbook is damaged: open it in a spreadsheet program and save it anew."

Begun = Callable[[str, Mapping[str, str]], None]
Text = Callable[[str], None]


class Markup:
    """A document that is read step by step; names come without their prefixes."""

    def __init__(self, file: IO[bytes], begun: Begun, ended: Text, text: Text):
        """*begun* hears of each element with its attributes, *ended* of its end."""
        self._file, self._begun, self._ended = file, begun, ended
        self._names: dict[str, str] = {}
        self._depth = self._silent = 0
        self._heard = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refused
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = text

    def step(self) -> bool:
        """Read on; False at the end. Raises Malformed for what no workbook has."""
        chunk = self._file.read(CHUNK)
        self._heard = False
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError:
            raise Malformed(DAMAGED) from None
        self._silent = 0 if self._heard else self._silent + len(chunk)
        if self._silent > LONGEST_TOKEN:
            raise Malformed(DAMAGED)
        return bool(chunk)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._heard = True
        self._depth += 1
        if self._depth > DEEPEST:
            raise Malformed(DAMAGED)
        self._begun(self._local(name), attributes)

    def _end(self, name: str) -> None:
        self._heard = True
        self._depth -= 1
        self._ended(self._local(name))

    def _local(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            known = name.rpartition(":")[2]
            if len(self._names) < 1000:
                self._names[name] = known
        return known


def _refused(*_: object) -> None:
    raise Malformed("The workbook has a document type declaration, as no spreadsheet program does.")
