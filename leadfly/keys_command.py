"""`leadfly keys`: create, list, rotate and revoke the API keys of a tenant."""

import argparse
from datetime import UTC, datetime, timedelta

from leadfly.installation import as_application
from leadfly.terminal import say
from shared import issuing, keys, origins
from shared.api_key import INTAKE, PUBLISHABLE, SCOPES, SECRET, SIGNING, ApiKey, Wanted
from shared.errors import Conflict, Malformed, NotFound
from shared.issuing import LONGEST_OVERLAP_HOURS, OVERLAP
from shared.keyfile import keyring
from shared.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the four acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="create|list|rotate|revoke")
    create = acts.add_parser("create", help="Print a new key; it is shown this once")
    _about_new_key(create)
    rotate = acts.add_parser("rotate", help="Print a successor; the old key works on for a while")
    rotate.add_argument(
        "--overlap-hours",
        type=int,
        default=int(OVERLAP.total_seconds() // 3600),
        help=f"how long the old key works on, 0 to {LONGEST_OVERLAP_HOURS} (default: 24)",
    )
    revoke = acts.add_parser("revoke", help="Make a key useless within 5 seconds")
    for act in (rotate, revoke):
        act.add_argument("--prefix", required=True, help="the key's prefix, from `keys list`")
    for act in (create, acts.add_parser("list", help="List a tenant's keys"), rotate, revoke):
        act.add_argument("--tenant", required=True, help="the account, a lead's user_id")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises Malformed for what no key can be, NotFound for an unknown key."""
    acts = {"create": _create, "list": _list, "rotate": _rotate, "revoke": _revoke}
    acts[arguments.act](arguments, settings)


def _about_new_key(create: argparse.ArgumentParser) -> None:
    create.add_argument("--scopes", default="", help=f"comma list of {', '.join(SCOPES)}")
    create.add_argument("--name", help="what the key is for")
    create.add_argument("--days", type=int, help="days until it expires (default: never)")
    kinds = create.add_mutually_exclusive_group()
    kinds.add_argument(
        "--publishable",
        dest="kind",
        action="store_const",
        const=PUBLISHABLE,
        help="for a web page: it only submits leads of --source from --origins",
    )
    kinds.add_argument(
        "--signing",
        dest="kind",
        action="store_const",
        const=SIGNING,
        help="for a sender of webhooks, who signs with it and sends no key",
    )
    create.add_argument("--source", help="of a publishable key: the source_id of its leads")
    create.add_argument("--origins", default="", help="of a publishable key: comma list of origins")


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
