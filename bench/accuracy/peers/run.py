"""Runs the peers: writes the tables, starts each in its own environment, reads its scores."""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.accuracy.engine import COUNTRY
from bench.accuracy.measures import Candidate, Scored
from bench.accuracy.peers.table import COLUMNS
from bench.leads.arrival import Arrival
from shared.normalize import address, phone

PYTHON = Path(".venv-accuracy/bin/python")
"""The peers' own interpreter; `make bench-accuracy` makes it."""

SECONDS = 240.0
"""When to give up on a peer."""

PEERS: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("Splink, unsupervised", "splink_peer", ()),
    ("Splink, labels of another seed", "splink_peer", ("labels",)),
    ("recordlinkage, ECM", "recordlinkage_peer", ()),
    ("goldenmatch, no configuration", "goldenmatch_peer", ()),
    ("goldenmatch, configured", "goldenmatch_peer", ("configured",)),
)
"""Title, module and options of each peer."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What a peer said of the arrivals, or why it said nothing."""

    title: str
    cases: Sequence[Scored] = ()
    seconds: float = 0.0
    threshold: float = 0.0
    failure: str = ""


def peers(arrivals: Sequence[Arrival], training: Sequence[Arrival]) -> list[Peer]:
    """Return what every peer said of *arrivals*; *training* is labelled and of another seed."""
    with TemporaryDirectory() as folder:
        table, other = Path(folder) / "table.jsonl", Path(folder) / "training.jsonl"
        _write(table, arrivals)
        _write(other, training)
        return [_run(peer, (table, other), arrivals) for peer in PEERS]


def _run(
    peer: tuple[str, str, Sequence[str]], tables: Sequence[Path], arrivals: Sequence[Arrival]
) -> Peer:
    title, module, options = peer
    out = tables[0].with_name("scores.json")
    out.unlink(missing_ok=True)
    files = [*map(str, tables), str(out)]
    command = [str(PYTHON), "-m", f"bench.accuracy.peers.{module}", *files, *options]
    started = time.perf_counter()
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Peer(title, failure=type(error).__name__)
    if ended.returncode or not out.exists():
        lines = ended.stderr.strip().splitlines() or [f"ended with {ended.returncode}"]
        return Peer(title, failure=lines[-1][:200])
    found = json.loads(out.read_text(encoding="utf-8"))
    title = f"{found['title']} ({found['version']})"
    cases = [_scored(n, each, arrivals, found) for n, each in enumerate(arrivals)]
    return Peer(title, cases, time.perf_counter() - started, found["threshold"])


def _scored(
    position: int, arrival: Arrival, arrivals: Sequence[Arrival], found: dict[str, object]
) -> Scored:
    best: dict[str, tuple[float, int]] = found["best"]  # type: ignore[assignment]
    score, earlier = best.get(str(position), (0.0, -1))
    same = earlier >= 0 and arrivals[earlier].person == arrival.person
    return Scored(
        position,
        arrival,
        score,
        acted=earlier >= 0 and score >= float(found["threshold"]),  # type: ignore[arg-type]
        right=same,
        best=Candidate(earlier, score, ()) if earlier >= 0 else None,
    )


def _write(path: Path, arrivals: Sequence[Arrival]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for position, arrival in enumerate(arrivals):
            row = {"unique_id": position, "person": arrival.person} | _row(arrival)
            lines.write(json.dumps(row) + "\n")


def _row(arrival: Arrival) -> dict[str, str | None]:
    lead = {name: " ".join(text.lower().split()) for name, text in arrival.lead.items()}
    first, _, last = lead.get("name", "").partition(" ")
    local, _, domain = lead.get("email", "").rpartition("@")
    country = address.country_code(arrival.lead.get("country", "")) or None
    number = phone.parse(arrival.lead.get("phone", ""), country, COUNTRY)
    read = lead | {
        "first_name": lead.get("first_name") or first,
        "last_name": lead.get("last_name") or last.rpartition(" ")[2],
        "local": local,
        "domain": domain,
        "phone": number.e164 if number else lead.get("phone", ""),
        "country": country or "",
    }
    return {name: read.get(name) or None for name in COLUMNS}
