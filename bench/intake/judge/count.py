"""`python -m bench.intake judge`: how much of the judge's cases is understood, by half."""

from collections import Counter

from bench.intake.judge.verdicts import FIELDS, cases, half, told, verdicts
from bench.intake.shares import interval

VERDICTS = ("right", "missing", "wrong", "swapped")


def judge(show: int = 0) -> None:
    """Print the verdicts of both halves, and the first *show* cases at fault of either."""
    counts: dict[str, Counter[tuple[str, str]]] = {"X": Counter(), "Y": Counter()}
    for case in cases():
        fields = told(case)
        found = verdicts(case, fields)
        for name, verdict in found.items():
            counts[half(case)][name, verdict] += 1
        faults = {name: verdict for name, verdict in found.items() if verdict != "right"}
        if faults and show > 0:
            show -= 1
            print(half(case), case["id"], faults, "told", fields, "is", case["is"])
    for name in counts:
        _report(name, counts[name])


def _report(title: str, counts: Counter[tuple[str, str]]) -> None:
    print(f"half {title}   right  95 % interval  missing  wrong  swapped  of")
    for name in (*FIELDS, "others"):
        _row(name, [counts[name, verdict] for verdict in VERDICTS])
    _row("the four", [sum(counts[name, verdict] for name in FIELDS) for verdict in VERDICTS])


def _row(name: str, told: list[int]) -> None:
    total = sum(told) or 1
    low, high = interval(told[0], total)
    print(
        f"{name:8} {100 * told[0] / total:6.2f}%  {100 * low:5.1f}–{100 * high:5.1f} %"
        f" {told[1]:8} {told[2]:6} {told[3]:8} {sum(told):4}"
    )
