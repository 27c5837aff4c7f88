"""`leadfly sources`: give senders an address, and see what their payloads are understood as."""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from leadfly.installation import as_application
from leadfly.terminal import say
from services.dedup.intake import source_change, trying
from services.dedup.intake.detection import ADAPTERS
from services.dedup.intake.replies import PROFILES
from services.dedup.intake.sender import SECRETS
from services.dedup.intake.source import TARGETS, Declared, Source, adapter_called, changed
from services.dedup.intake.source_change import Opened, Shown
from shared.api_key import LONGEST_OVERLAP_HOURS, OVERLAP
from shared.db import Database
from shared.errors import Malformed
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.web.json_body import parsed

BY = "command line"
"""Who stands beside a change."""

PAGE = 100
"""Sources read at a time."""

Act = Callable[[argparse.Namespace, Database, Gate], None]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="|".join((*ACTS, "try")))
    for name, (about, _) in ACTS.items():
        # Cut short, --secret-file would be --secret, and take the secret itself.
        act = acts.add_parser(name, help=about, description=about, allow_abbrev=False)
        act.add_argument("--tenant", required=True, help="the account, a lead's user_id")
        if name != "list":
            act.add_argument("--source", required=True, help="what its leads name as their source")
        if name in ("create", "change"):
            _about_settings(act)
        if name == "rotate":
            act.add_argument(
                "--overlap-hours",
                type=int,
                default=int(OVERLAP.total_seconds() // 3600),
                help=f"how long the old token works on, 0 to {LONGEST_OVERLAP_HOURS} (default: 24)",
            )
    about = "Show how a sample payload would be understood; nothing is stored"
    _about_try(acts.add_parser("try", help=about, description=about))


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises as `source_change` does; `try` needs no database."""
    if arguments.act == "try":
        _try(arguments)
        return
    _, act = ACTS[arguments.act]
    with as_application(settings) as database:
        act(arguments, database, Gate(settings.mode, keyring(settings)))


def _about_settings(act: argparse.ArgumentParser) -> None:
    unset = "; '' unsets it"
    act.add_argument("--adapter", help=f"whose posts these are: {', '.join(ADAPTERS)}{unset}")
    act.add_argument(
        "--profile", help=f"in whose words posts are answered: {', '.join(PROFILES)}{unset}"
    )
    act.add_argument("--country", help=f"of numbers without country code, such as DE{unset}")
    act.add_argument("--map", metavar="FILE", help="JSON: the sender's names of fields to ours")
    act.add_argument("--purposes", help=f"comma list of what its form has people agree to{unset}")
    act.add_argument("--consent-version", help="with --purposes: which wording the form shows")
    act.add_argument("--consent-field", help="with --purposes: the box that must be ticked")
    for name in SECRETS:
        act.add_argument(
            _option(name),
            metavar="FILE",
            help=f"holds the sender's {name}; -: asks for it, or reads stdin; change: empty unsets",
        )


def _about_try(act: argparse.ArgumentParser) -> None:
    act.add_argument("file", metavar="FILE", help="what the sender posts; -: stdin")
    act.add_argument("--adapter", help=f"read it as this sender's: {', '.join(ADAPTERS)}")
    act.add_argument("--map", metavar="FILE", help="JSON: the sender's names of fields to ours")
    act.add_argument("--type", help="its content type, if that cannot be seen")
    act.add_argument("--json", action="store_true", help="print the whole answer")


def _create(arguments: argparse.Namespace, database: Database, gate: Gate) -> None:
    settings = _changes(arguments)
    empty = [name for name in SECRETS if settings.get(name, "") is None]
    if empty:  # what was meant to be verified must not be taken from anybody
        raise Malformed(details={_option(name): "is empty" for name in empty})
    source = changed(Source(arguments.tenant, arguments.source), settings)
    say(_address(source_change.create(database, gate, source, BY)))


def _list(arguments: argparse.Namespace, database: Database, gate: Gate) -> None:
    after: str | None = ""
    while after is not None:
        page, after = source_change.page(database, gate, arguments.tenant, after, PAGE)
        for shown in page:
            source = shown.stored.source
            state = f"open to {', '.join(shown.tokens)}" if shown.tokens else "closed"
            say(f"{source.source_id}  {source.adapter or 'any sender'}  {state}")


def _show(arguments: argparse.Namespace, database: Database, gate: Gate) -> None:
    say(_described(source_change.one(database, gate, arguments.tenant, arguments.source)))


def _change(arguments: argparse.Namespace, database: Database, gate: Gate) -> None:
    changes = _changes(arguments)
    if not changes:
        raise Malformed("Say what is to be otherwise: leadfly sources change --help.")
    named = arguments.tenant, arguments.source
    say(_described(source_change.change(database, gate, *named, changes, BY)))


def _rotate(arguments: argparse.Namespace, database: Database, gate: Gate) -> None:
    if not 0 <= arguments.overlap_hours <= LONGEST_OVERLAP_HOURS:
        raise Malformed(details={"--overlap-hours": f"must be 0 to {LONGEST_OVERLAP_HOURS}"})
    overlap = timedelta(hours=arguments.overlap_hours)
    named = arguments.tenant, arguments.source
    say(_address(source_change.rotate(database, gate, *named, overlap)))


def _revoke(arguments: argparse.Namespace, database: Database, gate: Gate) -> None:
    source_change.revoke(database, gate, arguments.tenant, arguments.source)
    say(f"{arguments.source} is closed; leadfly sources rotate opens it again")


def _remove(arguments: argparse.Namespace, database: Database, gate: Gate) -> None:
    source_change.remove(database, gate, arguments.tenant, arguments.source)
    say(f"{arguments.source} is removed; its leads stay")


def _try(arguments: argparse.Namespace) -> None:
    adapter = _adapter(arguments)
    raw = _content(arguments.file, "FILE")
    field_map = _map(arguments.map) if arguments.map else {}
    shown = trying.tried(trying.posted(raw, arguments.type or ""), adapter, field_map)
    if arguments.json:
        say(_json(shown))
        return
    say(f"{shown['title']} ({shown['adapter']})")
    for item in shown["items"]:
        # What was sent must not steer the terminal of whoever looks at it.
        say("\n".join("".join(filter(str.isprintable, line)) for line in _lines(item)))
    for warning in shown["warnings"]:
        say(f"! {warning}")


def _lines(item: dict[str, Any]) -> list[str]:
    """Return one thing that a payload amounts to, as a person reads it."""
    test = ", a test" if item.get("test") else ""
    key = f" {item['key']}" if item.get("key") else ""
    reason = f": {item['reason']}" if "reason" in item else ""
    lines = [f"{item['kind']}{key}{test}{reason}"]
    names = item.get("mapping", {}).get("fields", {})
    for name, text in item.get("fields", {}).items():
        lines.append(f"  {name:14}{text}  (from {names.get(name, 'several')})")
    unmapped = item.get("mapping", {}).get("unmapped")
    lines += [f"  not used: {', '.join(unmapped)}"] if unmapped else []
    return lines + [f"  ! {warning}" for warning in item.get("warnings", ())]


def _changes(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what was said of a source, by the names of `source.changed`."""
    arguments.adapter = _adapter(arguments)
    _known("--profile", arguments.profile, PROFILES)
    words = {name: getattr(arguments, name) for name in ("adapter", "profile", "country")}
    changes: dict[str, Any] = {k: text or None for k, text in words.items() if text is not None}
    if arguments.map is not None:
        changes["field_map"] = _map(arguments.map)
    if arguments.purposes is not None:
        changes["consent"] = _consent(arguments)
    elif arguments.consent_version or arguments.consent_field:
        raise Malformed(details={"--purposes": "must say what the form has people agree to"})
    for name in SECRETS:
        path = getattr(arguments, f"{name}_file")
        if path is not None:
            changes[name] = _secret(name, path) or None
    return changes


def _consent(arguments: argparse.Namespace) -> Declared | None:
    purposes = tuple(word.strip() for word in arguments.purposes.split(",") if word.strip())
    if not purposes:
        return None
    return Declared(purposes, arguments.consent_version, arguments.consent_field)


def _map(path: str) -> dict[str, str]:
    try:
        found = parsed(_content(path, "--map"))
    except Malformed as error:
        faults = {"" if name == "body" else f" {name}": why for name, why in error.details.items()}
        raise Malformed(details={f"--map{name}": why for name, why in faults.items()}) from None
    if not all(target in TARGETS for target in found.values()):
        raise Malformed(details={"--map": f"must lead from names to {', '.join(TARGETS)}"})
    return found


def _secret(name: str, path: str) -> str:
    """Return a secret that stood in no argument: those are seen by everybody on this machine."""
    if path == "-" and sys.stdin.isatty():
        return getpass.getpass(f"{name}: ").strip()
    try:
        return _content(path, _option(name)).decode().strip()
    except UnicodeDecodeError:
        raise Malformed(details={_option(name): "is not UTF-8"}) from None


def _option(name: str) -> str:
    """Return the option that names the file of a secret."""
    return f"--{name.replace('_', '-')}-file"


def _content(path: str, option: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError:
        raise Malformed(details={option: "cannot be read"}) from None


def _adapter(arguments: argparse.Namespace) -> str | None:
    """Return the adapter that was named, by whichever of its names."""
    adapter = arguments.adapter and adapter_called(arguments.adapter)
    _known("--adapter", adapter, ADAPTERS)
    return adapter


def _known(option: str, word: str | None, words: tuple[str, ...]) -> None:
    if word and word not in words:
        raise Malformed(details={option: f"must be one of {', '.join(words)}"})


def _address(opened: Opened) -> str:
    """Return the line of a new token, whose address stands last on it."""
    source = opened.shown.stored.source
    return f"tenant {source.tenant_id}, source {source.source_id}, address /in/{opened.issued.text}"


def _described(shown: Shown) -> str:
    return _json(shown.answer())


def _json(answer: dict[str, Any]) -> str:
    return orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode()


ACTS: dict[str, tuple[str, Act]] = {
    "create": ("Print a new source's address; it is shown this once", _create),
    "list": ("List a tenant's sources", _list),
    "show": ("Show what is set for a source; its secrets are not shown", _show),
    "change": ("Change what is named, within 5 seconds everywhere", _change),
    "rotate": ("Print a new address; the old one works on for a while", _rotate),
    "revoke": ("Make every address of a source useless within 5 seconds", _revoke),
    "remove": ("Remove a source and revoke its tokens; its leads stay", _remove),
}
"""By name, what an act does, and its line in the help."""
