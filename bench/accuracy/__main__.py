"""`python -m bench.accuracy`: how often the duplicate check is right, and where it is not.

run    the whole report on both generators, then other libraries on the same leads
cases  the worst cases of a kind, both leads side by side (`cases dup:nickname`, `cases neg:`)
pairs  every compared pair with its levels and the truth, for fitting a model
fit    match weights from seeds of bench/leads, written to the model's data (--out)
leave-out  each kind and country group, judged by a model that was fitted without it
http   the same leads posted to a running service: it must decide as the run in memory does
public pairs of public data sets, compared by our model alone
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.accuracy import (
    cases,
    changes,
    engine,
    left_out,
    pairs,
    patterns,
    public,
    report,
    scoring,
    served,
    streams,
)
from bench.accuracy.measures import Scored
from bench.accuracy.peers import beside
from bench.accuracy.peers.run import Peer, peers
from bench.leads.arrival import Arrival
from services.dedup import decision
from services.dedup.training import fitting

UNSEEN = 101
"""Seed that the model is judged on; fitting uses others (1 to 5)."""

FITTED = 1
"""Seed whose cases may be looked at: who mends the model must not have seen the judged ones."""

PEOPLE, PEER_PEOPLE, SERVED_PEOPLE = 20_000, 4_000, 5_000
"""People of a run, of one that libraries share, of one through a service; leads: a third more."""


def main(arguments: list[str] | None = None) -> None:
    """Run one of COMMANDS; without a name, `run`."""
    parser = argparse.ArgumentParser(
        prog="bench.accuracy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="run")
    parser.add_argument("kind", nargs="?", default="", help="of cases: how the kind begins")
    parser.add_argument("--generators", default="", help="leads, judge, or both with a comma")
    parser.add_argument("--seeds", default="", help="numbers with commas")
    parser.add_argument("--people", type=int, help="people in a stream")
    parser.add_argument("--no-peers", action="store_true", help="leave other libraries out")
    parser.add_argument("--data", type=Path, help="folder of fake_1000.csv, dedupe_csv_example.csv")
    parser.add_argument("--most", type=int, default=10, help="cases shown of a kind")
    parser.add_argument("--wrong", action="store_true", help="show wrong cases alone")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--against", type=Path, help="an earlier --json, to show what changed")
    parser.add_argument("--out", type=Path, help="where pairs are written")
    COMMANDS[(chosen := parser.parse_args(arguments)).command](chosen)


def run(chosen: argparse.Namespace) -> None:
    """Print the report on each generator, then other libraries on the first, then public data."""
    found: dict[str, object] = {}
    for generator, seed, arrivals in _streams(
        chosen, "leads,judge", str(UNSEEN), chosen.people or PEOPLE
    ):
        title = f"the duplicate check on bench/{generator}, seed {seed}"
        judged = _judged(arrivals)
        print(report.text(title, judged), flush=True)
        found[f"{generator}/{seed}"] = report.summary(title, judged)
    if chosen.against:
        before = json.loads(chosen.against.read_text(encoding="utf-8"))
        for line in changes.text(before, found):
            print(line)
    if not chosen.no_peers:
        found["peers"] = _peers(chosen)
        _public(chosen)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _peers(chosen: argparse.Namespace) -> dict[str, object]:
    people = min(PEER_PEOPLE, chosen.people or PEER_PEOPLE)
    found: dict[str, object] = {}
    for generator, seed, arrivals in _streams(chosen, "leads,judge", str(UNSEEN), people):
        started = time.perf_counter()
        ours = Peer(
            "this check",
            _judged(arrivals),
            time.perf_counter() - started,
            public.THRESHOLDS["flag"],
        )
        labelled = streams.arrivals(generator, FITTED, people)
        judged = [ours, *peers(arrivals, labelled)]
        title = f"other libraries on bench/{generator}, seed {seed}: {len(arrivals):,} leads"
        print(beside.text(title, judged), flush=True)
        found[f"{generator}/{seed}"] = beside.summary(judged)
    return found


def _public(chosen: argparse.Namespace) -> None:
    for line in public.text(chosen.data):
        print(line, flush=True)


def show(chosen: argparse.Namespace) -> None:
    """Print the worst cases of the chosen kinds."""
    for generator, seed, arrivals in _streams(
        chosen, "leads", str(FITTED), chosen.people or PEOPLE
    ):
        print(f"bench/{generator}, seed {seed}")
        judged = _judged(arrivals)
        for text in cases.worst(judged, arrivals, chosen.kind, chosen.most, chosen.wrong):
            print(text)


def serve(chosen: argparse.Namespace) -> None:
    """Print where a running service decides otherwise."""
    for generator, seed, arrivals in _streams(
        chosen, "leads,judge", str(UNSEEN), chosen.people or SERVED_PEOPLE
    ):
        print(f"bench/{generator}, seed {seed}, over HTTP")
        for line in served.text(arrivals, served.differences(arrivals)):
            print(line, flush=True)


def export(chosen: argparse.Namespace) -> None:
    """Write the pairs of the chosen seeds."""
    if chosen.out is None:
        raise SystemExit("pairs needs --out FILE")
    seeds = _streams(chosen, "leads", "1,2,3,4,5", chosen.people or PEOPLE)
    count, same = pairs.export(((seed, arrivals) for _, seed, arrivals in seeds), chosen.out)
    _say(f"{count:,} pairs, {same:,} of them the same person, in {chosen.out}")


def fit(chosen: argparse.Namespace) -> None:
    """Fit the model's weights to the pairs of the chosen seeds, and write them to --out."""
    if chosen.out is None:
        raise SystemExit("fit needs --out FILE")
    counted: Counter[tuple[fitting.Pattern, bool]] = Counter()
    for _, _, arrivals in _streams(chosen, "leads", "1,2,3,4,5", chosen.people or PEOPLE):
        people = {position: one.person for position, one in enumerate(arrivals)}
        counted += patterns.patterns(engine.run(arrivals), people)
    found = fitting.fitted(counted)
    chosen.out.write_text(fitting.document(found, time.strftime("%Y.%m.%d")), encoding="utf-8")
    _say(f"{counted.total():,} pairs in {len(counted):,} patterns; weights in {chosen.out}")


def leave_out(chosen: argparse.Namespace) -> None:
    """Print how each kind, and each group of countries, fares in a model that never saw it."""
    keys: dict[str, left_out.Key] = {"kind": lambda one: one.kind, "group": lambda one: one.group}
    counted: dict[str, dict[str, left_out.Counted]] = {name: {} for name in keys}
    for _, _, arrivals in _streams(chosen, "leads", "1,2,3,4,5", chosen.people or PEOPLE):
        people = {position: one.person for position, one in enumerate(arrivals)}
        steps = list(engine.run(arrivals))
        for name, key in keys.items():
            for group, found in left_out.counted(steps, people, key).items():
                counted[name][group] = counted[name].get(group, Counter()) + found
    unseen = streams.arrivals("leads", UNSEEN, chosen.people or PEOPLE)
    judged = left_out.judged(engine.run(unseen))
    for name, key in keys.items():
        found_out = left_out.left_out(counted[name], judged, key, decision.FLAG)
        for line in left_out.text(f"leaving out one {name}", found_out):
            print(line, flush=True)


def _streams(
    chosen: argparse.Namespace, generators: str, seeds: str, people: int
) -> Iterator[tuple[str, int, list[Arrival]]]:
    """Yield generator, seed and arrivals of everything that was asked for."""
    for generator in (chosen.generators or generators).split(","):
        for seed in map(int, (chosen.seeds or seeds).split(",")):
            try:
                arrivals = streams.arrivals(generator, seed, people)
            except streams.NoGenerator as error:
                _say(f"NOT RUN: {error}")
                break
            yield generator, seed, arrivals


def _judged(arrivals: list[Arrival]) -> list[Scored]:
    started = time.perf_counter()
    judged = list(scoring.scored(arrivals))
    _say(f"judged {len(judged):,} leads in {time.perf_counter() - started:.0f} s")
    return judged


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


COMMANDS = {
    "run": run,
    "cases": show,
    "pairs": export,
    "fit": fit,
    "leave-out": leave_out,
    "http": serve,
    "public": _public,
}
"""What each command does."""

if __name__ == "__main__":
    main()
