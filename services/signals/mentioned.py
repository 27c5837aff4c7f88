"""Where a text mentions concepts: those of phrases and those that have a shape, in columns.

Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from services.signals import patterns
from services.signals.concepts import Mention, lexicon
from services.signals.keys import Places, once
from services.signals.phrases import Words

_START, _END = 40, 16
"""Bits that a mention's beginning and end are moved by, to sort by both and by concept."""


_AS_MENTION = partial(tuple.__new__, Mention)
"""Quicker than Mention(…), and a page has hundreds."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Distinct mentions by where they begin, then end, then by concept."""

    concepts: Places
    """Numbers of `concept_names`."""
    starts: Places
    ends: Places

    def some(self, which: slice | Places) -> list[Mention]:
        """Return some of them."""
        names = concept_names()
        concepts, starts, ends = (
            column[which].tolist() for column in (self.concepts, self.starts, self.ends)
        )
        said = zip([names[concept] for concept in concepts], starts, ends, strict=True)
        return [*map(_AS_MENTION, said)]


def mentions(text: str, folded_text: str, said: Words) -> Mentions:
    """Return all that *text* mentions.

    *folded_text* is the same of `folding.folded`, *said* are its words.
    """
    index, starts, ends = lexicon().places(folded_text, said)
    both = (starts << _START) | (ends << _END) | _of_phrases().take(index)
    if shaped := patterns.shaped(text):
        number = _numbers()
        of_shapes = [(start << _START) | (end << _END) | number[c] for c, start, end in shaped]
        both = np.append(both, np.array(of_shapes, np.int64))
    both = once(both)
    ends = (both >> _END) & ((1 << _START - _END) - 1)
    return Mentions(both & ((1 << _END) - 1), both >> _START, ends)


@cache
def concept_names() -> tuple[str, ...]:
    """Return the names of all concepts in order."""
    return tuple(sorted({*lexicon().concepts, *patterns.names()}))


@cache
def _numbers() -> dict[str, int]:
    return {name: number for number, name in enumerate(concept_names())}


def numbers(names: Iterable[str]) -> list[int]:
    """Return where concepts stand among `concept_names`."""
    return [_numbers()[name] for name in names]


@cache
def _of_phrases() -> NDArray[np.int64]:
    return np.array(numbers(lexicon().concepts), np.int64)
