"""`python -m bench.intake judge`: how much of the judge's cases is understood, by half.

The development's cases (`development.jsonl`) are of whose an answer is: written by the same hands
as the rules, so their figures are an upper bound and prove nothing of payloads not seen.
"""

from collections import Counter

from bench.intake.judge.verdicts import DEVELOPMENT, FIELDS, cases, half, told, verdicts
from bench.intake.shares import interval

VERDICTS = ("right", "missing", "wrong", "swapped")


def judge(show: int = 0) -> None:
    """Print the verdicts of both halves and of the development's cases; the first *show* faults."""
    counts: dict[str, Counter[tuple[str, str]]] = {}
    every = [(f"half {half(case)}", case) for case in cases()]
    every += [("development", case) for case in cases(DEVELOPMENT)]
    for part, case in every:
        fields = told(case)
        found = verdicts(case, fields)
        counts.setdefault(part, Counter()).update(found.items())
        faults = {name: verdict for name, verdict in found.items() if verdict != "right"}
        if faults and show > 0:
            show -= 1
            print(part, case["id"], faults, "told", fields, "is", case["is"])
    for name in sorted(counts, reverse=True):
        _report(name, counts[name])


def _report(title: str, counts: Counter[tuple[str, str]]) -> None:
    print(f"{title}   right  95 % interval  missing  wrong  swapped  of")
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
