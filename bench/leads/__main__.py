"""`python -m bench.leads`: one readable pair of leads a kind, for the eye that checks labels."""

import argparse
from collections import Counter

from bench.leads.arrival import Arrival
from bench.leads.generator import arrivals


def main() -> None:
    """Print the first pair of every kind, and how many leads each kind has."""
    parser = argparse.ArgumentParser(prog="bench.leads", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--kind", default="", help="print every pair of this kind")
    chosen = parser.parse_args()
    stream = arrivals(chosen.seed, chosen.people)
    shown: set[str] = set()
    for arrival in sorted(stream, key=lambda one: one.kind):
        if arrival.kind == chosen.kind or (arrival.kind not in shown and not chosen.kind):
            shown.add(arrival.kind)
            _print(arrival, stream)
    counts = Counter(arrival.kind.partition(":")[0] for arrival in stream)
    print(dict(counts), "ambiguous:", sum(arrival.ambiguous for arrival in stream))


def _print(arrival: Arrival, stream: list[Arrival]) -> None:
    doubt = "  AMBIGUOUS" if arrival.ambiguous else ""
    print(f"\n{arrival.kind}  {arrival.country}{doubt}")
    if arrival.of is not None:
        print("  earlier", _line(stream[arrival.of]))
    print("  new    ", _line(arrival))


def _line(arrival: Arrival) -> str:
    fields = ", ".join(f"{key}={text}" for key, text in arrival.lead.items())
    return f"{arrival.submitted_at:%m-%d %H:%M} [{arrival.source_id} {arrival.ip}] {fields}"


if __name__ == "__main__":
    main()
