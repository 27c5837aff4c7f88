"""Phrase rules: which sentences are candidates for a type, and what speaks against one.

Pure. A candidate is a sentence that mentions all concepts of one of the type's triggers near each
other. A cue is tied to its own trigger: it counts only in the same clause, and a negation only
before what it negates (after it in German, "wir brauchen keinen Kredit" and "zahlen können wir
nicht" both being negations).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from services.signals.concepts import Mention
from services.signals.kinds import KINDS
from services.signals.segmentation import clause_ends
from services.signals.sentence import Candidate, Cue, Sentence
from services.signals.signal import Span

NEAR = 90
"""Code points within which the concepts of a trigger stand: about fifteen words."""

MOST_MENTIONS = 3
"""Mentions of one concept in one sentence that are combined."""

BEHIND = 25
"""Code points after a trigger in which a negation still belongs to it."""


def candidates(sentence: Sentence, text: str) -> Iterator[Candidate]:
    """Yield the candidates of a sentence, for each type the one whose concepts stand closest.

    *text* is all that the sentence is of.
    """
    said = {mention.concept for mention in sentence.mentions}
    firing = [trigger for trigger in _TRIGGERS if trigger[2] <= said]
    if not firing:
        return
    places: dict[str, list[Mention]] = {}
    for mention in sentence.mentions:
        places.setdefault(mention.concept, []).append(mention)
    closest: dict[str, tuple[int, int, Candidate]] = {}
    for kind, rule, concepts in firing:
        span = _closest([places[concept][:MOST_MENTIONS] for concept in concepts])
        if span is not None:
            ranked = (-len(concepts), span.end - span.start, Candidate(kind, rule, span))
            closest[kind] = min(closest.get(kind, ranked), ranked, key=lambda one: one[:2])
    for _, _, candidate in closest.values():
        yield replace(candidate, cue=against(candidate, sentence, text))


def against(candidate: Candidate, sentence: Sentence, text: str) -> Cue | None:
    """Return the cue that speaks against a candidate, the nearest of the strongest sort."""
    start, end = _clause(sentence, text, candidate.span)
    for concept, said in CUES:
        cues = [
            mention
            for mention in sentence.mentions
            if mention.concept == concept and start <= mention.start < end
            if concept != "NEG" or mention.start < candidate.span.end + BEHIND
        ]
        if cues:
            return Cue(
                said, min(cues, key=lambda cue: (abs(cue.end - candidate.span.start), cue.start))
            )
    return None


def _closest(places: Sequence[Sequence[Mention]]) -> Span | None:
    """Return the shortest span that holds one mention of each, if it is short enough."""
    if len(places) == 1:
        return Span(places[0][0].start, places[0][0].end)
    spans = [
        Span(min(mention.start for mention in ones), max(mention.end for mention in ones))
        for ones in product(*places)
        if len({(mention.start, mention.end) for mention in ones}) == len(ones)
    ]
    near = [span for span in spans if span.end - span.start <= NEAR]
    return min(near, key=lambda span: (span.end - span.start, span.start), default=None)


def _clause(sentence: Sentence, text: str, span: Span) -> tuple[int, int]:
    """Return where the clause or the clauses that hold *span* begin and end."""
    written = text[sentence.span.start : sentence.span.end]
    ends = [sentence.span.start + end for end in clause_ends(written)]
    start = max((end for end in ends if end <= span.start), default=sentence.span.start)
    return start, min((end for end in ends if end >= span.end), default=sentence.span.end)


_TRIGGERS = tuple(
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
