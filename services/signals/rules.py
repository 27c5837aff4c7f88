"""Phrase rules: which sentences are candidates for a type, and what speaks against one.

Pure. A candidate is a sentence that mentions all concepts of one of the type's triggers near each
other. A cue is tied to its own trigger: it counts only in the same clause, and a negation only
before what it negates (after it in German, "wir brauchen keinen Kredit" and "zahlen können wir
nicht" both being negations).
"""

from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from services.signals.concepts import Mention
from services.signals.kinds import KINDS
from services.signals.sentence import Candidate, Cue, Sentence
from services.signals.signal import Span

NEAR = 90
"""Code points within which the concepts of a trigger stand: about fifteen words."""

MOST_MENTIONS = 3
"""Mentions of one concept in one sentence that are combined."""

BEHIND = 25
"""Code points after a trigger in which a negation still belongs to it."""

Trigger: TypeAlias = tuple[str, str, frozenset[str]]
"""Type, rule, and the concepts that it asks for."""


def candidates(sentence: Sentence, clause_ends: Sequence[int]) -> Iterator[Candidate]:
    """Yield the candidates of a sentence, for each type the one whose concepts stand closest.

    *clause_ends* is where the clauses of the whole text end.
    """
    firing = _firing(frozenset([mention.concept for mention in sentence.mentions]))
    if firing:
        yield from of_triggers(firing, sentence.mentions, sentence.span, clause_ends)


def of_triggers(
    firing: Iterable[Trigger],
    mentions: Iterable[Mention],
    within: Span,
    clause_ends: Sequence[int],
) -> Iterator[Candidate]:
    """Yield the candidates of a sentence that mentions all concepts of some triggers.

    *mentions* are those of CONCEPTS in it, *within* is the sentence.
    """
    places: dict[str, list[Mention]] = {}
    for mention in mentions:
        places.setdefault(mention[0], []).append(mention)
    closest: dict[str, tuple[int, int, str, Span]] = {}
    for kind, rule, concepts in firing:
        span = _closest([places[concept] for concept in concepts])
        if span is not None:
            ranked = (-len(concepts), span.end - span.start, rule, span)
            if kind not in closest or ranked[:2] < closest[kind][:2]:
                closest[kind] = ranked
    cues = [mention for mention in mentions if mention[0] in _RANKS] if closest else ()
    for kind, (_, _, rule, found) in closest.items():
        yield Candidate(kind, rule, found, _against(found, cues, within, clause_ends))


@lru_cache(4096)
def _firing(said: frozenset[str]) -> list[Trigger]:
    return [trigger for trigger in TRIGGERS if trigger[2] <= said]


def _against(
    span: Span, cues: Iterable[Mention], within: Span, clause_ends: Sequence[int]
) -> Cue | None:
    """Return the cue that speaks against a candidate, the nearest of the strongest sort."""
    start, end = _clause(within, clause_ends, span) if cues else (0, 0)
    told = [
        (_RANKS[cue.concept], abs(cue.end - span.start), cue.start, cue)
        for cue in cues
        if start <= cue.start < end
        if cue.concept != "NEG" or cue.start < span.end + BEHIND
    ]
    if not told:
        return None
    rank, _, _, mention = min(told)
    return Cue(CUES[rank][1], mention)


def _closest(places: Sequence[Sequence[Mention]]) -> Span | None:
    """Return the shortest span that holds one mention of each, if it is short enough."""
    if len(places) == 1:
        _, start, end = places[0][0]
        return Span(start, end)
    first = [some[:MOST_MENTIONS] for some in places]
    found = _of_two(*first) if len(first) == 2 else [*_of_several(first)]
    return Span(*min(found)[1:]) if found else None


Long: TypeAlias = tuple[int, int, int]
"""How long a span is, where it begins and where it ends."""


def _of_two(places: Sequence[Mention], others: Sequence[Mention]) -> list[Long]:
    """Return what `_of_several` yields of two, in a fifth of the time: most triggers name two."""
    found = []
    for _, start, end in places:
        for _, begin, after in others:
            first = start if start < begin else begin
            last = end if end > after else after
            if last - first <= NEAR and (start != begin or end != after):
                found.append((last - first, first, last))
    return found


def _of_several(places: Sequence[Sequence[Mention]]) -> Iterator[Long]:
    """Yield the spans that are short enough and hold one mention of each, none twice."""
    for ones in product(*places):
        spans = {(start, end) for _, start, end in ones}
        start, end = min(spans)[0], max(end for _, end in spans)
        if end - start <= NEAR and len(spans) == len(ones):
            yield end - start, start, end


def _clause(within: Span, clause_ends: Sequence[int], span: Span) -> tuple[int, int]:
    """Return where the clause or the clauses of a sentence that hold *span* begin and end."""
    before, after = bisect(clause_ends, span.start), bisect_left(clause_ends, span.end)
    start = clause_ends[before - 1] if before else 0
    end = clause_ends[after] if after < len(clause_ends) else within.end
    return max(start, within.start), min(end, within.end)


TRIGGERS: tuple[Trigger, ...] = tuple(
    (name, rule, frozenset(rule.split("+")))
    for name, kind in KINDS.items()
    for rule in kind.triggers
)

CUES = (
    ("MISLED", "another meaning:"),
    ("NEG", "negated by"),
    ("DONE", "over:"),
    ("HISTORY", "history:"),
    ("OFFER", "offered:"),
    ("HYPO", "not meant now:"),
    ("OTHERS", "about others:"),
)
"""What speaks against a candidate, the strongest first, and how a reason of it begins."""

_RANKS = {concept: rank for rank, (concept, _) in enumerate(CUES)}

CONCEPTS = frozenset(_RANKS).union(*(concepts for _, _, concepts in TRIGGERS))
"""All that triggers and cues ask for."""
