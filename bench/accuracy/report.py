"""The report in plain text: the figures beside their goals, then by kind, group and risk."""

from collections.abc import Iterable, Iterator, Sequence

from bench.accuracy import measures
from bench.accuracy.measures import Rate, Scored

GOALS: dict[str, tuple[str, str, float]] = {
    "accuracy": ("accuracy at flag", ">=", 0.994),
    "fpr_flag": ("false positives at flag", "<=", 0.003),
    "fpr_block": ("false positives at block", "<=", 0.0005),
    "fnr": ("false negatives", "<=", 0.01),
    "recall_at_fpr": ("recall at 0.5 % false positives", ">=", 0.99),
    "right_person": ("right person, of those caught", ">=", 0.999),
    "blocking_recall": ("blocking recall", ">=", 0.995),
}
"""Title, direction and goal of each headline figure."""

ECE_GOAL = 0.03
"""Expected calibration error that the answer may have."""

CAUGHT, ACTED = 0.97, 0.01
"""Goals a kind: of duplicates at least the one is caught, of others at most the other acted on."""

MARK = "  <<"
"""Stands behind a figure that misses its goal."""


def text(title: str, cases: Sequence[Scored]) -> str:
    """Return the whole report on *cases* under *title*."""
    sure = measures.decidable(cases)
    parts = (
        _about(title, cases, sure),
        _headline(sure),
        _calibration(sure),
        _kinds(sure),
        _groups(sure),
        _apart(cases),
    )
    return "\n".join(line for part in parts for line in (*part, ""))


def row(rate: Rate) -> str:
    """Return a rate with its interval and its count."""
    low, high = rate.interval
    return f"{rate.share:8.2%}  {low:7.2%} … {high:7.2%}  {rate.hits:>7,} of {rate.of:,}"


def _about(title: str, cases: Sequence[Scored], sure: Sequence[Scored]) -> Iterator[str]:
    known = len(measures.duplicates(sure))
    yield title
    yield (
        f"{len(cases):,} arrivals; decidable {len(sure):,}: {known:,} duplicates, "
        f"{len(sure) - known:,} new people"
    )
    skipped = sum(case.skipped for case in cases)
    if skipped:
        yield f"{skipped:,} CHECKS FAILED AND LET THEIR LEAD PASS; see the log above"


def _headline(sure: Sequence[Scored]) -> Iterator[str]:
    yield f"{'':34}{'goal':>10}{'':4}{'here':>8}  {'95 % interval':>17}"
    for name, rate in measures.headline(sure).items():
        label, way, goal = GOALS[name]
        yield f"{label:34}{way:>3}{goal:7.2%}    {row(rate)}{_mark(rate.share, way, goal)}"
    yield f"recall at 0.5 % is at threshold {measures.recall_at(sure)[1]:.4f}"


def _calibration(sure: Sequence[Scored]) -> Iterator[str]:
    bins = measures.calibration(sure)
    error = measures.calibration_error(bins)
    by_count = measures.calibration_error(measures.by_count(sure))
    yield (
        f"calibration error {error:.4f} (goal <= {ECE_GOAL}; {measures.WIDTH_BINS} bins of equal "
        f"width; {by_count:.4f} in {measures.COUNT_BINS} of equal count), "
        f"Brier {measures.brier(sure):.5f}{_mark(error, '<=', ECE_GOAL)}"
    )
    yield f"{'probability':>12}{'arrivals':>10}{'mean':>8}{'known':>8}"
    for number, (count, said, was) in enumerate(bins):
        span = f"{number / len(bins):.1f} … {(number + 1) / len(bins):.1f}"
        yield f"{span:>12}{count:>10,}{said:>8.3f}{was:>8.3f}"


def _kinds(sure: Sequence[Scored]) -> Iterator[str]:
    head = f"{'acted on':>8}  {'95 % interval':>17}"
    yield f"{'kind':36}{head}{'':20}{'reach':>7}{'block':>8}"
    for kind, cases in measures.grouped(sure, lambda case: case.arrival.kind).items():
        caught = measures.rate(cases, lambda case: case.acted)
        known = kind.startswith("dup:")
        mark = _mark(caught.share, ">=", CAUGHT) if known else _mark(caught.share, "<=", ACTED)
        reach = measures.rate(measures.duplicates(cases), lambda case: case.reachable)
        reached = f"{reach.share:7.1%}" if reach.of else f"{'':7}"
        blocked = measures.rate(cases, lambda case: case.blocked)
        yield f"{kind:36}{row(caught):47}{reached}{blocked.share:8.1%}{mark}"


def _groups(sure: Sequence[Scored]) -> Iterator[str]:
    yield f"{'country group':20}{'arrivals':>9}{'accuracy':>10}{'FPR flag':>10}{'FNR':>9}"
    for group, cases in measures.grouped(sure, lambda case: case.arrival.group).items():
        yield _group(group, cases)
    yield ""
    yield "the countries with the most errors"
    countries = measures.grouped(sure, lambda case: case.arrival.country).items()
    worst = sorted(countries, key=lambda item: -sum(case.wrong for case in item[1]))
    yield from (_group(country, cases) for country, cases in worst[:8])


def _group(name: str, cases: Sequence[Scored]) -> str:
    rates = measures.headline(cases)
    shares = [rates[each].share for each in ("accuracy", "fpr_flag", "fnr")]
    return f"{name:20}{len(cases):>9,}{shares[0]:>10.2%}{shares[1]:>10.2%}{shares[2]:>9.2%}"


def _apart(cases: Sequence[Scored]) -> Iterator[str]:
    yield "apart"
    unsure = [case for case in cases if case.arrival.ambiguous]
    for name, some in (
        ("ambiguous duplicates", measures.duplicates(unsure)),
        ("ambiguous new people", measures.newcomers(unsure)),
    ):
        yield f"{name + ', acted on':34}{row(measures.rate(some, lambda case: case.acted))}"
    everyone = measures.rate(cases, lambda case: case.risk_only)
    yield f"{'risk alone flagged or rejected':34}{row(everyone)}"
    yield f"{'refused as unusable (400)':34}{row(measures.rate(cases, lambda c: c.refused))}"
    number = sum(len(case.candidates) for case in cases) / max(1, len(cases))
    most = max((len(case.candidates) for case in cases), default=0)
    yield f"candidates a lead: {number:.1f} on average, {most} at most"


def _mark(share: float, way: str, goal: float) -> str:
    missed = share < goal if way == ">=" else share > goal
    return MARK if missed else ""


def summary(title: str, cases: Iterable[Scored]) -> dict[str, object]:
    """Return the same figures as JSON."""
    every = list(cases)
    sure = measures.decidable(every)
    kinds = measures.grouped(sure, lambda case: case.arrival.kind)
    groups = measures.grouped(sure, lambda case: case.arrival.group)
    return {
        "title": title,
        "arrivals": len(every),
        "decidable": len(sure),
        "headline": {name: _json(rate) for name, rate in measures.headline(sure).items()},
        "threshold_at_fpr": measures.recall_at(sure)[1],
        "calibration_error": measures.calibration_error(measures.calibration(sure)),
        "calibration_error_by_count": measures.calibration_error(measures.by_count(sure)),
        "brier": measures.brier(sure),
        "kinds": {k: _json(measures.rate(v, lambda c: c.acted)) for k, v in kinds.items()},
        "groups": {
            k: {name: _json(rate) for name, rate in measures.headline(v).items()}
            for k, v in groups.items()
        },
        "risk_only": sum(case.risk_only for case in every),
        "refused": sum(case.refused for case in every),
        "skipped": sum(case.skipped for case in every),
    }


def _json(rate: Rate) -> dict[str, object]:
    return {"share": rate.share, "interval": rate.interval, "hits": rate.hits, "of": rate.of}
