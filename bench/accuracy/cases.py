"""The worst cases of a kind, both leads side by side with the evidence: for whoever mends it."""

from collections.abc import Iterator, Sequence

from bench.accuracy import engine, measures
from bench.accuracy.measures import Candidate, Scored
from bench.accuracy.scoring import candidate
from bench.leads.arrival import Arrival
from shared.lead_fields import FIELDS

WIDTH = 44
"""Characters of a column of values."""


def worst(
    cases: Sequence[Scored],
    arrivals: Sequence[Arrival],
    kind: str,
    most: int = 10,
    wrong_only: bool = False,
) -> Iterator[str]:
    """Yield, as text, the *most* worst decidable *cases* of every kind that begins with *kind*."""
    sure = measures.decidable(cases)
    for name, some in measures.grouped(sure, lambda case: case.arrival.kind).items():
        missed = sum(case.wrong for case in some)
        if not name.startswith(kind) or (wrong_only and not missed):
            continue
        yield f"===== {name}: {missed} wrong of {len(some)}"
        for case in sorted(some, key=_rightness)[:most]:
            if case.wrong or not wrong_only:
                yield "\n".join(_case(case, arrivals))


def _rightness(case: Scored) -> float:
    """Return how right the probability is, in [0, 1]; of a caught duplicate, of the true person."""
    if not case.arrival.known:
        return 1.0 - case.probability
    return case.probability if case.right or not case.acted else 0.0


def _case(case: Scored, arrivals: Sequence[Arrival]) -> Iterator[str]:
    arrival = case.arrival
    yield ""
    yield (
        f"--- #{case.position} {'WRONG' if case.wrong else 'right'}, {_action(case)}, "
        f"probability {case.probability:.4f}; {arrival.country}, {arrival.submitted_at:%Y-%m-%d}, "
        f"{len(case.candidates)} candidates"
    )
    beside = _beside(case, arrivals)
    named = [(label, arrivals[found.position]) for label, found, _ in beside]
    yield from _leads(arrival, named)
    for label, found, note in beside:
        _, shared = engine.compare(arrival, arrivals[found.position])
        yield _evidence(label, found, note, shared)


def _action(case: Scored) -> str:
    if case.refused:
        return "refused as unusable"
    if case.acted:
        return "rejected" if case.blocked else "flagged"
    return "allowed, but for risk" if case.risk_only else "allowed"


def _beside(case: Scored, arrivals: Sequence[Arrival]) -> list[tuple[str, Candidate, str]]:
    """Return what to show beside the lead: a label, an earlier lead, and what is odd about it."""
    shown: list[tuple[str, Candidate, str]] = []
    of = case.arrival.of
    truth = "same person" if case.arrival.known else "another person"
    if case.arrival.known and case.own:
        shown.append((f"#{case.own.position} same person", case.own, ""))
    elif of is not None and (case.best is None or case.best.position != of):
        match, _ = engine.compare(case.arrival, arrivals[of])
        note = "compared alone" if of in case.candidates else "NO CANDIDATE"
        shown.append((f"#{of} {truth}", candidate((of, match)), note))
    if case.best and all(found.position != case.best.position for _, found, _ in shown):
        theirs = arrivals[case.best.position].person == case.arrival.person
        label = "same person" if theirs else "another person"
        shown.append((f"#{case.best.position} {label}", case.best, "the likeliest candidate"))
    return shown


def _leads(arrival: Arrival, others: Sequence[tuple[str, Arrival]]) -> Iterator[str]:
    """Yield one line a field, `=` before a value that is the same as the lead's own."""
    heads = "".join(f"{label:{WIDTH}}" for label, _ in others)
    yield f"    {'':14}{'this lead':{WIDTH}}{heads}".rstrip()
    for name in FIELDS:
        own = arrival.lead.get(name, "")
        values = [other.lead.get(name, "") for _, other in others]
        if own or any(values):
            marked = [f"= {value}" if value and value == own else value for value in values]
            cells = "".join(f"{_cut(value):{WIDTH}}" for value in [own, *marked])
            yield f"    {name:14}{cells}".rstrip()
    around = "".join(f"{_around(each):{WIDTH}}" for each in (arrival, *(o for _, o in others)))
    yield f"    {'':14}{around}".rstrip()


def _around(arrival: Arrival) -> str:
    return _cut(f"({arrival.submitted_at:%Y-%m-%d %H:%M}, {arrival.ip or 'no ip'}, {arrival.kind})")


def _cut(value: str) -> str:
    return value if len(value) < WIDTH else f"{value[: WIDTH - 2]}…"


def _evidence(label: str, found: Candidate, note: str, shared: Sequence[str]) -> str:
    parts = [f"{comparison} {level} {weight:+.1f}" for comparison, level, weight in found.evidence]
    said = f"    {label}: {found.probability:.4f} from {', '.join(parts) or 'nothing'}"
    said += f"; keys in common: {', '.join(shared) or 'none'}"
    return f"{said}; {note}" if note else said
