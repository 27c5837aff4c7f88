"""What `leadfly keys` does: create, list, rotate and revoke."""

import argparse
from datetime import UTC, datetime, timedelta

from leadfly.installation import as_application
from leadfly.terminal import say
from shared import issuing, keys, origins
from shared.api_key import (
    INTAKE,
    LONGEST_OVERLAP_HOURS,
    PUBLISHABLE,
    SECRET,
    SIGNING,
    ApiKey,
    Wanted,
)
from shared.errors import Conflict, Malformed, NotFound
from shared.keyfile import keyring
from shared.settings import Settings


def _create(arguments: argparse.Namespace, settings: Settings) -> None:
    wanted = Wanted(
        kind=arguments.kind or SECRET,
        scopes=tuple(_words(arguments.scopes)),
        name=arguments.name,
        expires_at=_expiry(arguments.days),
        source_id=arguments.source,
        origins=_origins(arguments.origins),
    )
    with as_application(settings) as database, database.transaction(arguments.tenant) as conn:
        issued = issuing.issue(conn, keyring(settings), arguments.tenant, wanted)
    say(_shown(issued))


def _rotate(arguments: argparse.Namespace, settings: Settings) -> None:
    if not 0 <= arguments.overlap_hours <= LONGEST_OVERLAP_HOURS:
        raise Malformed(details={"--overlap-hours": f"must be 0 to {LONGEST_OVERLAP_HOURS}"})
    overlap = timedelta(hours=arguments.overlap_hours)
    with as_application(settings) as database, database.transaction(arguments.tenant) as conn:
        key = issuing.found(conn, arguments.tenant, arguments.prefix)
        if key.kind == INTAKE:
            raise Conflict("This is the token of a source: use leadfly sources rotate.")
        issued = issuing.rotate(conn, keyring(settings), key, overlap, datetime.now(UTC))
    say(_shown(issued))


def _list(arguments: argparse.Namespace, settings: Settings) -> None:
    with as_application(settings) as database, database.transaction(arguments.tenant) as conn:
        listed = keys.listed(conn, arguments.tenant)
    now = datetime.now(UTC)
    for key in listed:
        state = "usable" if key.usable(now) else "revoked" if key.revoked_at else "expired"
        columns = f"{key.prefix}  {state:8}  {key.kind:11}  {key.created_at:%Y-%m-%d}"
        say(f"{columns}  {_powers(key)}  {key.name or ''}".rstrip())


def _revoke(arguments: argparse.Namespace, settings: Settings) -> None:
    with as_application(settings) as database, database.transaction(arguments.tenant) as conn:
        revoked = keys.revoke(conn, arguments.tenant, arguments.prefix)
    if not revoked:
        raise NotFound("This tenant has no usable key with that prefix.")
    say(f"{arguments.prefix} is revoked")


def _shown(issued: issuing.Issued) -> str:
    """Return the line of a new key, which stands last on it."""
    key = issued.key
    # The text of a signing key is its secret alone; whoever signs names it by the prefix.
    prefix = f", prefix {key.prefix}" if key.kind == SIGNING else ""
    kind = "key" if key.kind == SECRET else f"{key.kind} key"
    return f"tenant {key.tenant_id}, {_powers(key)}{prefix}, {kind} {issued.text}"


def _powers(key: ApiKey) -> str:
    if key.kind == PUBLISHABLE:
        return f"source {key.source_id}, origins {','.join(sorted(key.origins))}"
    if key.kind == INTAKE:
        return f"source {key.source_id}, its address"
    return f"scopes {','.join(sorted(key.scopes))}"


def _origins(text: str) -> frozenset[str]:
    try:
        return origins.listed(text.split(","))
    except ValueError as error:
        raise Malformed(details={"--origins": str(error)}) from None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _expiry(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


ACTS = {"create": _create, "list": _list, "rotate": _rotate, "revoke": _revoke}
