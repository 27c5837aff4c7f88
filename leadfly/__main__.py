"""The command `leadfly`: one entry of COMMANDS, at the foot, is one subcommand."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from leadfly import supervisor
from leadfly.migrate import migrate
from shared.embedded import OWNER, Server
from shared.errors import ServiceError
from shared.settings import Settings, load


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: its line in the help, what it does, and the arguments it takes."""

    help: str
    call: Callable[[argparse.Namespace, Settings], None]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; return 0, or 1 after saying on standard error what went wrong."""
    parser = argparse.ArgumentParser(prog="leadfly", description="Known or new, and told to whom.")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.help, description=command.help)
        command.arguments(subparser)
        subparser.set_defaults(call=command.call)
    chosen = parser.parse_args(arguments)
    try:
        chosen.call(chosen, load())
    except ServiceError as error:
        sys.stderr.write(f"leadfly: {error.message}\n")
        return 1
    return 0


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the owner's connection string; the embedded server is started only if it is down."""
    if settings.database_url:
        yield settings.migrations_database_url or settings.database_url
        return
    server = Server(settings.home)
    if server.running():
        yield server.conninfo(OWNER)
        return
    server.start()
    try:
        yield server.conninfo(OWNER)
    finally:
        server.stop()


def _run(arguments: argparse.Namespace, settings: Settings) -> None:
    supervisor.run(settings)


def _migrate(arguments: argparse.Namespace, settings: Settings) -> None:
    with database(settings) as conninfo:
        applied = migrate(conninfo)
    supervisor.say("\n".join(applied) or "up to date")


COMMANDS = {
    "run": Command("Start everything on this machine, until Ctrl-C", _run),
    "migrate": Command("Bring the database up to this version", _migrate),
}

if __name__ == "__main__":
    sys.exit(main())
