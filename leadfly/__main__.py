"""The command `leadfly`: one entry of COMMANDS, at the foot, is one subcommand.

A subcommand's module is imported when it is chosen, and no other: all of them together take
seconds, and a child that is spawned imports this file anew.
"""

import argparse
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shared.account_name import LONGEST_USER_ID
from shared.errors import Malformed, ServiceError
from shared.settings import load


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: its line in the help, and where it is done."""

    help: str
    module: str
    """Its `call` does it, given what was chosen and the settings; its `arguments` describe
    to a parser what it takes, unless it is bare."""
    bare: bool = False
    """True for what takes no arguments, so that its help can do without its module."""
    configured: bool = True
    """False for what takes no settings, because they may be what is wrong."""


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; return 0, or 1 after saying on standard error what went wrong."""
    words = sys.argv[1:] if arguments is None else arguments
    chosen = _parser(words).parse_args(words)
    command = COMMANDS[chosen.command]
    try:
        _check_account(chosen)
        settings = [load()] if command.configured else []
        _module(command).call(chosen, *settings)
    except ServiceError as error:
        details = "".join(f"\n  {name}: {what}" for name, what in error.details.items())
        sys.stderr.write(f"leadfly: {error.message}{details}\n")
        return 1
    return 0


def _parser(words: list[str]) -> argparse.ArgumentParser:
    """Return what reads *words*: it knows every subcommand, and what the one they name takes."""
    named = next((word for word in words if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(prog="leadfly", description="Known or new, and told to whom.")
    subparsers = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.help, description=command.help)
        if name == named and not command.bare:
            _module(command).arguments(subparser)
    return parser


def _module(command: Command) -> Any:
    return import_module(f"leadfly.{command.module}")


def _check_account(chosen: argparse.Namespace) -> None:
    """Raise Malformed for a --tenant that no caller could name."""
    named: str | None = getattr(chosen, "tenant", None)
    if named is not None and not (1 <= len(named) <= LONGEST_USER_ID and named.isprintable()):
        longest = f"must have 1 to {LONGEST_USER_ID} printable characters"
        raise Malformed(details={"--tenant": longest})


COMMANDS = {
    "run": Command("Start everything on this machine, until Ctrl-C", "supervisor", bare=True),
    "worker": Command(
        "Run background jobs and schedules; `run` does it for you", "worker", bare=True
    ),
    "stream": Command("Stream alerts as they change; `run` does it for you", "stream", bare=True),
    "migrate": Command("Bring the database up to this version", "migrate", bare=True),
    "doctor": Command("Find what is set up wrong", "doctor_command", bare=True, configured=False),
    "check": Command("Check one lead, or a CSV file of them", "check_command"),
    "import": Command("Make a CRM's CSV file known, unjudged", "import_command"),
    "dedupe": Command("Find who is who in a whole table", "dedupe_command"),
    "dedupe-any": Command("Find what is one in a table of any columns", "tables_command"),
    "keys": Command("Create, list, rotate and revoke API keys", "keys_command"),
    "sources": Command(
        "Give senders an address of their own; try a sample payload", "sources_command"
    ),
    "signals": Command("Read a text for signals; judge or train the model", "signals_command"),
    "services": Command("Bring a catalogue of services in, or take it out", "services_command"),
    "matching": Command(
        "Match all leads of an account anew; say how far that is", "matching_command"
    ),
    "train": Command(
        "Fit the duplicate check's weights to an account's own pairs", "train_command"
    ),
    "models": Command("List an account's models, and choose which decides", "models_command"),
    "jobs": Command("List and replay the jobs that failed for good", "jobs_command"),
    "erase": Command(
        "Erase a lead, a person, or whoever gave an address or a number", "erase_command"
    ),
    "reapply-erasures": Command(
        "After a restore: erase again what was erased since", "reapply_command"
    ),
    "rekey": Command(
        "After an upgrade: give stored leads this version's keys; the worker does it, too",
        "rekey_command",
    ),
    "purge": Command("Forget what has expired; the worker does it every hour", "purge", bare=True),
}

if __name__ == "__main__":
    sys.exit(main())
