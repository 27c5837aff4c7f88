"""`python -m bench.matching judge [--show] [--set-aside]`, or `rematch [--leads 1000000]`."""

import argparse
from pathlib import Path

from bench.matching import rematch
from bench.matching.judgements import DATA, judged, report


def main() -> None:
    """Print how good the order of services is, or how quick all leads are matched anew."""
    parser = argparse.ArgumentParser(prog="bench.matching", description=__doc__)
    parser.add_argument("command", choices=["judge", "rematch"])
    parser.add_argument("--show", action="store_true", help="each lead that is not in order")
    parser.add_argument("--set-aside", action="store_true", help="the leads that judge, in total")
    parser.add_argument("--leads", type=int, default=1_000_000, help="of a rematch")
    parser.add_argument("--home", type=Path, default=Path(".leadfly-bench"))
    chosen = parser.parse_args()
    if chosen.command == "rematch":
        rematch.run(chosen.home, chosen.leads)
        return
    name = "set_aside" if chosen.set_aside else "known"
    for line in report(list(judged(DATA / f"{name}.json")), chosen.show and not chosen.set_aside):
        print(line)


if __name__ == "__main__":
    main()
