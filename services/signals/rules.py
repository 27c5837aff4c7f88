"""Phrase rules: which sentences are candidates for a type, and what speaks against one.

Pure. A candidate is a sentence that mentions all concepts of one of the type's triggers near each
other. A cue is tied to its own trigger: it counts only in the same clause, and a negation only
before what it negates (after it in German, "wir brauchen keinen Kredit" and "zahlen können wir
nicht" both being negations).
"""

from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

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


def candidates(sentence: Sentence, clause_ends: Sequence[int]) -> Iterator[Candidate]:
    """Yield the candidates of a sentence, for each type the one whose concepts stand closest.

    *clause_ends* is where the clauses of the whole text end.
    """
    firing = _firing(frozenset([mention.concept for mention in sentence.mentions]))
    if not firing:
        return
    places: dict[str, list[Mention]] = {}
    for mention in sentence.mentions:
        places.setdefault(mention.concept, []).append(mention)
    closest: dict[str, tuple[int, int, str, Span]] = {}
    for kind, rule, concepts in firing:
        span = _closest([places[concept][:MOST_MENTIONS] for concept in concepts])
        if span is not None:
            ranked = (-len(concepts), span[1] - span[0], rule, Span(*span))
            if kind not in closest or ranked[:2] < closest[kind][:2]:
                closest[kind] = ranked
    for kind, (_, _, rule, found) in closest.items():
        yield Candidate(kind, rule, found, against(found, sentence, clause_ends))


@lru_cache(4096)
def _firing(said: frozenset[str]) -> list[tuple[str, str, frozenset[str]]]:
    return [trigger for trigger in TRIGGERS if trigger[2] <= said]


def against(span: Span, sentence: Sentence, clause_ends: Sequence[int]) -> Cue | None:
    """Return the cue that speaks against a candidate, the nearest of the strongest sort."""
    start, end = _clause(sentence, clause_ends, span)
    cues = [
        (_RANKS[mention.concept], abs(mention.end - span.start), mention.start, mention)
        for mention in sentence.mentions
        if start <= mention.start < end and mention.concept in _RANKS
        if mention.concept != "NEG" or mention.start < span.end + BEHIND
    ]
    if not cues:
        return None
    rank, _, _, mention = min(cues)
    return Cue(CUES[rank][1], mention)


def _closest(places: Sequence[Sequence[Mention]]) -> tuple[int, int] | None:
    """Return the shortest span that holds one mention of each, if it is short enough."""
    if len(places) == 1:
        return places[0][0].start, places[0][0].end
    found = []
    for ones in product(*places):
        spans = [(mention.start, mention.end) for mention in ones]
        start, end = min(spans)[0], max(end for _, end in spans)
        if end - start <= NEAR and len(set(spans)) == len(spans):
            found.append((end - start, start, end))
    return min(found)[1:] if found else None


def _clause(sentence: Sentence, clause_ends: Sequence[int], span: Span) -> tuple[int, int]:
    """Return where the clause or the clauses that hold *span* begin and end."""
    before, after = bisect(clause_ends, span.start), bisect_left(clause_ends, span.end)
    start = clause_ends[before - 1] if before else 0
    end = clause_ends[after] if after < len(clause_ends) else sentence.span.end
    return max(start, sentence.span.start), min(end, sentence.span.end)


TRIGGERS = tuple(
    (name, rule, frozenset(rule.split("+")))
    for name, kind in KINDS.items()
    for rule in kind.triggers
)
"""Type, rule, and the concepts that it asks for."""

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
