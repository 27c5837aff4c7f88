"""What changed between two runs: the headline figures and every kind whose count moved."""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.accuracy.report import GOALS


def text(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each figure of the streams in both that is not what it was."""
    for stream in sorted(before.keys() & after.keys() - {"peers"}):
        was, now = before[stream], after[stream]
        same = was["arrivals"] == now["arrivals"]
        yield f"{stream}: what changed" + ("" if same else " (and THE LEADS ARE OTHERS)")
        for name, (label, _, _) in GOALS.items():
            yield from _line(label, was["headline"][name], now["headline"][name])
        gap = was["calibration_error"], now["calibration_error"]
        yield f"{'calibration error':36}{gap[0]:9.4f} -> {gap[1]:.4f}"
        for kind in sorted(was["kinds"].keys() & now["kinds"].keys()):
            yield from _line(kind, was["kinds"][kind], now["kinds"][kind])


def _line(label: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if (was["hits"], was["of"]) != (now["hits"], now["of"]):
        counts = f"({was['hits']:,} of {was['of']:,} -> {now['hits']:,} of {now['of']:,})"
        yield f"{label:36}{was['share']:9.2%} -> {now['share']:.2%}  {counts}"
