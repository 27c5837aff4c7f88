"""`leadfly keys`: create, list and revoke the API keys of a tenant."""

import argparse
from datetime import UTC, datetime, timedelta

from leadfly.installation import as_application
from leadfly.terminal import say
from shared import keys
from shared.errors import NotFound
from shared.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the three acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="create|list|revoke")
    create = acts.add_parser("create", help="Print a new key; it is shown this once")
    create.add_argument("--scopes", required=True, help=f"comma list of {', '.join(keys.SCOPES)}")
    create.add_argument("--name", help="what the key is for")
    create.add_argument("--days", type=int, help="days until it expires (default: never)")
    revoke = acts.add_parser("revoke", help="Make a key useless within 5 seconds")
    revoke.add_argument("--prefix", required=True, help="the key's prefix, from `keys list`")
    for act in (create, acts.add_parser("list", help="List a tenant's keys"), revoke):
        act.add_argument("--tenant", required=True, help="the account, a lead's user_id")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises Malformed for an unknown scope, NotFound for an unknown key."""
    {"create": _create, "list": _list, "revoke": _revoke}[arguments.act](arguments, settings)


def _create(arguments: argparse.Namespace, settings: Settings) -> None:
    scopes = [scope.strip() for scope in arguments.scopes.split(",") if scope.strip()]
    expires_at = None
    if arguments.days is not None:
        expires_at = datetime.now(UTC) + timedelta(days=arguments.days)
    with as_application(settings) as database, database.transaction(arguments.tenant) as conn:
        key, text = keys.create(conn, arguments.tenant, scopes, arguments.name, expires_at)
    say(f"tenant {key.tenant_id}, scopes {','.join(sorted(key.scopes))}, key {text}")


def _list(arguments: argparse.Namespace, settings: Settings) -> None:
    with as_application(settings) as database, database.transaction(arguments.tenant) as conn:
        listed = keys.listed(conn, arguments.tenant)
    now = datetime.now(UTC)
    for key in listed:
        state = "usable" if key.usable(now) else "revoked" if key.revoked_at else "expired"
        scopes = ",".join(sorted(key.scopes))
        say(f"{key.prefix}  {state:8}  {key.created_at:%Y-%m-%d}  {scopes}  {key.name or ''}")


def _revoke(arguments: argparse.Namespace, settings: Settings) -> None:
    with as_application(settings) as database, database.transaction(arguments.tenant) as conn:
        revoked = keys.revoke(conn, arguments.tenant, arguments.prefix)
    if not revoked:
        raise NotFound("This tenant has no usable key with that prefix.")
    say(f"{arguments.prefix} is revoked")
