"""`leadfly train`: fit the weights to an account's own pairs, and keep what proves better."""

import argparse
from pathlib import Path

from leadfly import csv_input
from leadfly.installation import as_application
from leadfly.progress import Progress
from leadfly.terminal import say
from services.dedup import policy_change
from services.dedup.training import fitting, pair_files, reading, training
from services.dedup.training.gate import MEANING
from services.dedup.training.labelled import LabelledPair
from services.dedup.training.training import LEADS, Standing, Trained
from shared.db import Database
from shared.errors import Conflict, Malformed
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings

BY = "command line"
"""Who stands beside a model."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what may be trained on."""
    parser.add_argument("--tenant", help="the account, a lead's user_id (default: anonymous)")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--pairs", metavar="FILE", help="labelled pairs, CSV or .jsonl")
    source.add_argument("--reviews", action="store_true", help="what reviewers and buyers said")
    source.add_argument("--unlabelled", action="store_true", help="the account's leads themselves")
    parser.add_argument("--leads", type=int, default=LEADS, help="how many, the newest")
    parser.add_argument("--country", help="reads phone numbers of pairs that name none, as US")
    parser.add_argument("--out", metavar="FILE", help="write the model to a file, too")
    parser.add_argument("--dry-run", action="store_true", help="say what came out, keep nothing")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Train. Raises Malformed and Meaningless where the pairs cannot teach; Conflict if refused."""
    tenant_id = csv_input.tenant(arguments, settings)
    if arguments.leads < 1:
        raise Malformed(details={"--leads": "must be 1 or more"})
    with as_application(settings) as database:
        gate = Gate(settings.mode, keyring(settings))
        now = training.standing(database, tenant_id)
        trained = _trained(arguments, settings, database, gate, tenant_id, now)
        say(told(trained, now))
        if arguments.out:
            model = reading.checked("unnamed", trained.found.prior, _weights(trained))
            Path(arguments.out).write_bytes(reading.document(model))
        if not arguments.dry_run:
            _keep(database, gate, tenant_id, trained, now)


def told(trained: Trained, now: Standing) -> str:
    """Return what training gave, as its reader sees it: counts, figures, weights."""
    on = ", ".join(
        f"{count:,} {name.replace('_', ' ')}" for name, count in trained.trained_on.items()
    )
    lines = [f"fitted near {now.model.version} to {on}"]
    if judged := trained.judged:
        lines.append(f"on {judged.pairs:,} held-out pairs in {judged.groups:,} groups of people:")
        lines += [f"  {MEANING[name]}: {getattr(judged, name)}" for name in MEANING]
    lines.append("what would weigh otherwise most, in bits:")
    lines += [f"  {name}: {before:+.2f} → {after:+.2f}" for name, before, after in trained.changes]
    return "\n".join(lines)


def _trained(
    arguments: argparse.Namespace,
    settings: Settings,
    database: Database,
    gate: Gate,
    tenant_id: str,
    now: Standing,
) -> Trained:
    if arguments.pairs:
        return training.by_pairs(_pairs(arguments, settings), now)
    if arguments.reviews:
        return training.by_reviews(database, tenant_id, now)
    progress = Progress("comparing leads")
    most = arguments.leads
    try:
        return training.by_leads(
            database,
            gate,
            tenant_id,
            now,
            most,
            lambda done, every: progress.show(done / every, f"{done:,} of {every:,}"),
        )
    finally:
        progress.end()


def _pairs(arguments: argparse.Namespace, settings: Settings) -> list[LabelledPair]:
    path, country = Path(arguments.pairs), csv_input.country(arguments, settings)
    read = pair_files.of_csv if path.suffix == ".csv" else pair_files.of_json_lines
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read(lines, country)
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(details={"--pairs": "cannot be read as UTF-8 text"}) from error


def _keep(database: Database, gate: Gate, tenant_id: str, trained: Trained, now: Standing) -> None:
    """Store the model unless it was judged and refused; the running one stays then."""
    if trained.judged is not None and trained.refusal:
        raise Conflict(f"{now.model.version} stays: {trained.refusal}")
    with database.transaction(tenant_id, [policy_change.turn(gate, tenant_id)]) as conn:
        made = training.keep(conn, tenant_id, trained, now.model, BY)
    if trained.refusal:
        say(
            f"{made.version} is kept and does not decide: {trained.refusal}; "
            f"leadfly models use {made.version} lets it"
        )
    else:
        say(f"{made.version} decides from now on; leadfly models rollback takes it back")


def _weights(trained: Trained) -> object:
    return fitting.nested(trained.found)
