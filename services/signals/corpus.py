"""Labelled texts: what the model learns from and is judged by, one JSON object a line.

`data/corpus/GUIDE.md` says what the labels mean. A file is one author's: texts of one author share
wordings, so files are what is held out together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import orjson

from services.signals.kinds import KINDS
from shared.errors import Malformed

SET_ASIDE = "set_aside"
"""The file that judges, by another author; nothing is learned from it."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text with what a careful reader says of it."""

    text: str
    labels: frozenset[str]
    """Names of `KINDS`; empty where nothing holds."""
    language: str
    author: str
    """The file it stands in."""
    individual: bool = False
    """True if it is about a private person's own finances."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """For some labels the words that prove it."""


def shipped() -> list[Labelled]:
    """Return the texts that the model of this release was trained on."""
    return [text for path in _files() if _name(path) != SET_ASIDE for text in _read(path)]


def set_aside() -> list[Labelled]:
    """Return the texts that judge it."""
    return [text for path in _files() if _name(path) == SET_ASIDE for text in _read(path)]


def read(path: Path) -> list[Labelled]:
    """Return the texts of a user's file. Raises Malformed with the line, OSError."""
    return list(_read(path))


def labelled(said: Any, author: str) -> Labelled:
    """Return one line's text. Raises Malformed."""
    if not isinstance(said, dict):
        raise Malformed(details={"line": "must be an object"})
    text, labels, proofs = said.get("text"), said.get("labels"), said.get("evidence", {})
    if not isinstance(text, str) or not text.strip():
        raise Malformed(details={"text": "must be a text"})
    if not isinstance(labels, list) or not all(one in KINDS for one in map(str, labels)):
        raise Malformed(details={"labels": f"must be a list of {', '.join(KINDS)}"})
    if not isinstance(proofs, dict) or not all(isinstance(words, str) for words in proofs.values()):
        raise Malformed(details={"evidence": "must be texts by label"})
    evidence = {kind: words for kind, words in proofs.items() if words in text}
    language, individual = str(said.get("lang", "")), bool(said.get("individual"))
    return Labelled(text, frozenset(labels), language, author, individual, evidence)


def _files() -> Iterator[Traversable]:
    folder = files("services.signals") / "data" / "corpus"
    return iter(sorted((f for f in folder.iterdir() if f.name.endswith(".jsonl")), key=_name))


def _name(path: Traversable | Path) -> str:
    return path.name.removesuffix(".jsonl")


def _read(path: Traversable | Path) -> Iterator[Labelled]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                yield labelled(orjson.loads(line), _name(path))
            except orjson.JSONDecodeError:
                raise Malformed(details={f"{path.name}:{number}": "is not JSON"}) from None
            except Malformed as error:
                details = {f"{path.name}:{number} {k}": why for k, why in error.details.items()}
                raise Malformed(details=details) from None
