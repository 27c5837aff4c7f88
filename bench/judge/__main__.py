"""`python -m bench.judge --people 200 --seed 3` prints one readable pair of each kind."""

import argparse
from collections import Counter

from bench.judge.casting import DUPLICATES, NEGATIVES, arrivals
from bench.leads.arrival import Arrival


def main(arguments: list[str] | None = None) -> None:
    """Print the shares, then a pair of each kind with what its kind says."""
    parser = argparse.ArgumentParser(prog="bench.judge", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=3)
    chosen = parser.parse_args(arguments)
    found = arrivals(chosen.seed, chosen.people)
    shares = Counter(arrival.kind.partition(":")[0] for arrival in found)
    print(f"{len(found)} leads: {dict(shares)}, {sum(a.ambiguous for a in found)} ambiguous")
    shown: set[str] = set()
    for arrival in found:
        if arrival.of is not None and arrival.kind not in shown:
            shown.add(arrival.kind)
            _show(found[arrival.of], arrival)


def _show(before: Arrival, now: Arrival) -> None:
    sign, _, kind = now.kind.partition(":")
    scene = (DUPLICATES if sign == "dup" else NEGATIVES)[kind]
    days = (now.submitted_at - before.submitted_at).total_seconds() / 86400
    doubt = " · ambiguous" if now.ambiguous else ""
    print(f"\n{now.kind}{doubt} · {now.country} · after {days:.2f} days")
    print(f"  {scene.act.__doc__}")
    for arrival in (before, now):
        values = " · ".join(f"{name}={text!r}" for name, text in arrival.lead.items())
        print(f"    {arrival.ip or '-'} {arrival.source_id}: {values}")


if __name__ == "__main__":
    main()
