"""`python -m bench.public`: LeadFly and other libraries on public sets; writes docs/benchmarks.md.

The evaluated halves are judged, once; a run that broke off goes on where it was. `--half
development` prints the same of the halves that may be looked at, and writes no page.
"""

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import comb
from pathlib import Path

from bench.public import halves, ours, report, sets
from bench.public.found import Found
from bench.public.kept import CODE, Kept, version
from bench.public.measures import Measured, measured
from bench.public.peers.run import peers
from bench.public.report import Result

PAGE = Path("docs/benchmarks.md")
"""What the run writes."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the sets that are here."""
    parser = argparse.ArgumentParser(prog="bench.public", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the CSV files")
    parser.add_argument(
        "--half", choices=(halves.EVALUATED, halves.DEVELOPMENT), default=halves.EVALUATED
    )
    parser.add_argument("--no-peers", action="store_true", help="leave other libraries out")
    parser.add_argument("--kept", action="store_true", help="write what was found so far")
    parser.add_argument("--sets", default=",".join(sets.SETS), help="names with commas")
    parser.add_argument("--at-once", type=int, default=3, help="sets at a time")
    chosen = parser.parse_args(arguments)
    with ThreadPoolExecutor(chosen.at_once) as pool:
        results = list(pool.map(lambda name: _result(name, chosen), chosen.sets.split(",")))
    text = report.page(results, _made())
    if chosen.half == halves.EVALUATED and not chosen.no_peers:
        PAGE.write_text(text, encoding="utf-8")
    print(text)


def _result(name: str, chosen: argparse.Namespace) -> Result:
    try:
        whole = sets.table(name, chosen.data)
    except sets.NotFound as error:
        return Result(name, 0, 0, (), str(error))
    development = halves.halved(whole, halves.DEVELOPMENT)
    table = halves.halved(whole, chosen.half)
    code = version(CODE[:2])
    kept = Kept(f"{version()}-{chosen.half}", only=chosen.kept)
    alone, labelled = (("LeadFly", labels) for labels in (False, True))
    methods = [kept.found(name, alone, lambda: ours.found(table, code))]
    if chosen.half == halves.EVALUATED:
        methods.append(kept.found(name, labelled, lambda: ours.taught(table, development, code)))
        methods += [] if chosen.no_peers else peers(table, development, kept)
    sys.stderr.write(f"{name}: done\n")
    return Result(
        name,
        len(table.rows),
        sum(comb(size, 2) for size in Counter(table.truth).values()),
        [(found, _measured(table.truth, found)) for found in methods],
    )


def _measured(truth: Sequence[str], found: Found) -> Measured | None:
    return None if found.failure else measured(truth, found.clusters)


def _made() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    tree = f"on top of {told.stdout.strip()}" if told.returncode == 0 else ""
    day = time.strftime("%Y-%m-%d")
    return (
        f"Last run {day}; LeadFly's version is a hash of `services/dedup/tables` {tree}.".replace(
            " .", "."
        )
    )


if __name__ == "__main__":
    main()
