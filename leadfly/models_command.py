"""`leadfly models`: the models that an account trained, and which of them decides."""

import argparse
from collections.abc import Callable
from pathlib import Path

from leadfly import csv_input
from leadfly.installation import as_application
from leadfly.terminal import say
from services.dedup import policy_change
from services.dedup.model import STANDARD
from services.dedup.training import fitting, gate, model_answer, model_store, reading, training
from services.dedup.training.model_store import MOST, Made
from shared.connection import Connection
from shared.errors import Malformed, NotFound
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings

BY = "command line"
"""Who stands beside a change."""

LONGEST_FILE = 1_000_000
"""Bytes of a model file; one has about 5,000."""

Act = Callable[[Connection, str, argparse.Namespace], None]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="|".join(ACTS))
    for name, (about, _) in ACTS.items():
        act = acts.add_parser(name, help=about, description=about)
        act.add_argument("--tenant", help="the account, a lead's user_id (default: anonymous)")
        if name in ("show", "use"):
            act.add_argument("version", help="as `list` names it; use: or `standard`")
        if name == "show":
            act.add_argument("--out", metavar="FILE", help="write the model to a file")
        if name == "import":
            act.add_argument("file", metavar="FILE", help="a model that --out wrote")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises NotFound, Malformed; Meaningless for a model that cannot decide."""
    _, act = ACTS[arguments.act]
    tenant_id = csv_input.tenant(arguments, settings)
    with as_application(settings) as database:
        turn = policy_change.turn(Gate(settings.mode, keyring(settings)), tenant_id)
        with database.transaction(tenant_id, [turn]) as conn:
            act(conn, tenant_id, arguments)


def _list(conn: Connection, tenant_id: str, arguments: argparse.Namespace) -> None:
    known = model_answer.listed(conn, tenant_id, MOST)
    say(f"{known['in_use']} decides; the standard model is {known['standard_version']}")
    for one in known["models"]:
        state = "decides" if one["in_use"] else "cannot decide" if one["problem"] else ""
        say(f"{one['version']}  {one['made_at']:%Y-%m-%d %H:%M}  {one['made_from']}  {state}")


def _show(conn: Connection, tenant_id: str, arguments: argparse.Namespace) -> None:
    made = model_store.one(conn, tenant_id, arguments.version)
    if made is None:
        raise NotFound
    say(_told(made))
    if arguments.out:
        own = reading.checked(made.version, made.prior, made.weights)
        Path(arguments.out).write_bytes(reading.document(own))


def _use(conn: Connection, tenant_id: str, arguments: argparse.Namespace) -> None:
    training.use(conn, tenant_id, arguments.version, BY)
    say(f"{arguments.version} decides from now on")


def _rollback(conn: Connection, tenant_id: str, arguments: argparse.Namespace) -> None:
    say(f"{training.roll_back(conn, tenant_id, BY)} decides again")


def _import(conn: Connection, tenant_id: str, arguments: argparse.Namespace) -> None:
    try:
        with Path(arguments.file).open("rb") as file:
            data = file.read(LONGEST_FILE)
    except OSError as error:
        raise Malformed(details={"FILE": "cannot be read"}) from error
    made = training.bring(conn, tenant_id, data, BY)
    say(f"{made.version} is kept; leadfly models use {made.version} lets it decide")


def _told(made: Made) -> str:
    lines = [f"{made.version}, made {made.made_at:%Y-%m-%d %H:%M} by {made.made_by}"]
    lines.append(f"from {made.made_from}, near {made.base_version}: {dict(made.trained_on)}")
    for name, figure in (made.held_out or {}).items():
        lines.append(f"  held out, {name}: {figure}")
    if problem := model_answer.problem(made):
        return "\n".join([*lines, f"cannot decide: {problem}"])
    own = reading.checked(made.version, made.prior, made.weights)
    for name, before, after in gate.changes(fitting.of(STANDARD), fitting.of(own)):
        lines.append(f"  {name}: {before:+.2f} in the standard model, {after:+.2f}")
    return "\n".join(lines)


ACTS: dict[str, tuple[str, Act]] = {
    "list": ("List the account's models", _list),
    "show": ("Show where a model comes from and what it weighs otherwise", _show),
    "use": ("Let a model decide from now on", _use),
    "rollback": ("Let decide what decided before", _rollback),
    "import": ("Bring a model in from a file; it does not decide yet", _import),
}
