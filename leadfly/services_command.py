"""`leadfly services`: bring a catalogue of services in from a file, or take it out."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import orjson

from leadfly.installation import as_application
from leadfly.terminal import say
from services.matching import catalogue, catalogue_answer
from services.matching.catalogue import Desk
from services.matching.import_schema import imported
from shared.errors import Malformed
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.web.json_body import parsed

BY = "command line"
"""Who stands beside a change."""

Act = Callable[[argparse.Namespace, Desk], None]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="|".join(ACTS))
    for name, (about, _) in ACTS.items():
        act = acts.add_parser(name, help=about, description=about)
        act.add_argument("--tenant", required=True, help="the account, a lead's user_id")
        if name == "import":
            act.add_argument("file", type=Path, help="JSON as `export` writes it; - is the input")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises as `catalogue` does, and Malformed for a file that is no JSON."""
    _, act = ACTS[arguments.act]
    with as_application(settings) as database:
        gate = Gate(settings.mode, keyring(settings))
        act(arguments, Desk(database, gate, settings.default_country))


def _import(arguments: argparse.Namespace, desk: Desk) -> None:
    services = imported(parsed(_read(arguments.file)))
    done = catalogue.bring_in(desk, arguments.tenant, services, BY)
    say(f"{len(done.created)} new, {len(done.changed)} changed, {len(done.unchanged)} as before")


def _export(arguments: argparse.Namespace, desk: Desk) -> None:
    services = [
        catalogue_answer.exported(one) for one in catalogue.everything(desk, arguments.tenant)
    ]
    say(orjson.dumps({"services": services}, option=orjson.OPT_INDENT_2).decode())


def _read(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == Path("-") else path.read_bytes()
    except OSError as error:
        raise Malformed(details={"FILE": f"cannot be read: {type(error).__name__}"}) from None


ACTS: dict[str, tuple[str, Act]] = {
    "import": ("Store all services of a file, or none if one is wrong", _import),
    "export": ("Write the whole catalogue as JSON", _export),
}
