"""Features whose names are known before any text is read: concepts, and what rules find.

Pure. Each is known by its number among `known_names`, so that a model's rows of them are looked up
once, and not for each text.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np

from services.signals.features import QUESTION
from services.signals.keys import Places
from services.signals.kinds import KINDS
from services.signals.mentioned import concept_names
from services.signals.passage import OFTEN, of_candidate, of_frequency
from services.signals.rules import CUES

_LEVELS = len(OFTEN) + 1


@cache
def known_names() -> tuple[str, ...]:
    """Return all such names."""
    concepts = concept_names()
    return (
        *(f"{one}>{then}" for one in concepts for then in concepts),
        *(f"{one}<{before}" for one in concepts for before in concepts),
        *(f"[{one}]" for one in concepts),
        *(of_frequency(one, level) for one in concepts for level in range(_LEVELS)),
        QUESTION,
        *(of_candidate(kind, against) for kind in KINDS for against in ("", *dict(CUES))),
    )


def following(first: Places, second: Places) -> Places:
    """Return the numbers of concepts with the next one."""
    return first * len(concept_names()) + second


def across(second: Places, first: Places) -> Places:
    """Return the numbers of concepts with one of the sentence before."""
    many = len(concept_names())
    return (second + many) * many + first


def own(concepts: Places) -> Places:
    """Return the numbers of concepts by themselves."""
    return concepts + 2 * len(concept_names()) ** 2


def often(concepts: Places, sentences: int) -> Places:
    """Return the numbers of `passage.often_said` of a text that says *concepts*."""
    many = len(concept_names())
    counts = np.bincount(concepts, minlength=many)
    said = counts.nonzero()[0]
    levels = np.array(OFTEN).searchsorted(counts.take(said) / sentences, "right")
    return (2 * many + 1) * many + said * _LEVELS + levels


def numbers(names: Iterable[str]) -> list[int]:
    """Return the numbers of what rules find, and of questions."""
    return [_others()[name] for name in names]


@cache
def _others() -> dict[str, int]:
    """Return the numbers of the names that are no concepts'."""
    first = known_names().index(QUESTION)
    return {name: number for number, name in enumerate(known_names()[first:], first)}
