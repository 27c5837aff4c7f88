"""The command `leadfly`: one entry of COMMANDS, at the foot, is one subcommand."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from leadfly import (
    check_command,
    dedupe_command,
    doctor_command,
    erase_command,
    import_command,
    jobs_command,
    keys_command,
    matching_command,
    models_command,
    reapply_command,
    services_command,
    signals_command,
    sources_command,
    stream,
    supervisor,
    tables_command,
    train_command,
    worker,
)
from leadfly.installation import as_owner, as_worker
from leadfly.migrate import migrate
from leadfly.purge import purge
from leadfly.terminal import say
from shared.errors import Malformed, ServiceError
from shared.settings import Settings, load
from shared.web.auth import LONGEST_USER_ID


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: its line in the help, what it does, and the arguments it takes."""

    help: str
    call: Callable[..., None]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    configured: bool = True
    """False for what takes no settings, because they may be what is wrong."""


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; return 0, or 1 after saying on standard error what went wrong."""
    parser = argparse.ArgumentParser(prog="leadfly", description="Known or new, and told to whom.")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.help, description=command.help)
        command.arguments(subparser)
        subparser.set_defaults(command=command)
    chosen = parser.parse_args(arguments)
    try:
        _check_account(chosen)
        settings = [load()] if chosen.command.configured else []
        chosen.command.call(chosen, *settings)
    except ServiceError as error:
        details = "".join(f"\n  {name}: {what}" for name, what in error.details.items())
        sys.stderr.write(f"leadfly: {error.message}{details}\n")
        return 1
    return 0


def _check_account(chosen: argparse.Namespace) -> None:
    """Raise Malformed for a --tenant that no caller could name."""
    named: str | None = getattr(chosen, "tenant", None)
    if named is not None and not (1 <= len(named) <= LONGEST_USER_ID and named.isprintable()):
        longest = f"must have 1 to {LONGEST_USER_ID} printable characters"
        raise Malformed(details={"--tenant": longest})


def _run(arguments: argparse.Namespace, settings: Settings) -> None:
    supervisor.run(settings)


def _worker(arguments: argparse.Namespace, settings: Settings) -> None:
    worker.run(settings)


def _stream(arguments: argparse.Namespace, settings: Settings) -> None:
    stream.run(settings)


def _migrate(arguments: argparse.Namespace, settings: Settings) -> None:
    with as_owner(settings) as conninfo:
        applied = migrate(conninfo)
    say("\n".join(applied) or "up to date")


def _purge(arguments: argparse.Namespace, settings: Settings) -> None:
    with as_worker(settings) as database:
        say(f"{purge(database)} expired rows deleted")


COMMANDS = {
    "run": Command("Start everything on this machine, until Ctrl-C", _run),
    "worker": Command("Run background jobs and schedules; `run` does it for you", _worker),
    "stream": Command("Stream alerts as they change; `run` does it for you", _stream),
    "migrate": Command("Bring the database up to this version", _migrate),
    "doctor": Command("Find what is set up wrong", doctor_command.call, configured=False),
    "check": Command(
        "Check one lead, or a CSV file of them", check_command.call, check_command.arguments
    ),
    "import": Command(
        "Make a CRM's CSV file known, unjudged", import_command.call, import_command.arguments
    ),
    "dedupe": Command(
        "Find who is who in a whole table", dedupe_command.call, dedupe_command.arguments
    ),
    "dedupe-any": Command(
        "Find what is one in a table of any columns",
        tables_command.call,
        tables_command.arguments,
    ),
    "keys": Command(
        "Create, list, rotate and revoke API keys", keys_command.call, keys_command.arguments
    ),
    "sources": Command(
        "Give senders an address of their own; try a sample payload",
        sources_command.call,
        sources_command.arguments,
    ),
    "signals": Command(
        "Read a text for signals; judge or train the model",
        signals_command.call,
        signals_command.arguments,
    ),
    "services": Command(
        "Bring a catalogue of services in, or take it out",
        services_command.call,
        services_command.arguments,
    ),
    "matching": Command(
        "Match all leads of an account anew; say how far that is",
        matching_command.call,
        matching_command.arguments,
    ),
    "train": Command(
        "Fit the duplicate check's weights to an account's own pairs",
        train_command.call,
        train_command.arguments,
    ),
    "models": Command(
        "List an account's models, and choose which decides",
        models_command.call,
        models_command.arguments,
    ),
    "jobs": Command(
        "List and replay the jobs that failed for good", jobs_command.call, jobs_command.arguments
    ),
    "erase": Command(
        "Erase a lead, a person, or whoever gave an address or a number",
        erase_command.call,
        erase_command.arguments,
    ),
    "reapply-erasures": Command(
        "After a restore: erase again what was erased since",
        reapply_command.call,
        reapply_command.arguments,
    ),
    "purge": Command("Forget what has expired; the worker does it every hour", _purge),
}

if __name__ == "__main__":
    sys.exit(main())
