"""`leadfly keys`: create, list, rotate and revoke the API keys of a tenant."""

import argparse

from shared.api_key import LONGEST_OVERLAP_HOURS, OVERLAP, PUBLISHABLE, SCOPES, SIGNING
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
    from leadfly.key_acts import ACTS  # the database's driver takes longer than a help text

    ACTS[arguments.act](arguments, settings)


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
