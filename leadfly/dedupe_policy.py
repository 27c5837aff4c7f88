"""By which policy and model a whole table is compared: an account's, or what everybody has."""

import argparse
from contextlib import ExitStack

from leadfly.installation import as_application
from services.dedup.policy import DEFAULT, Policy
from services.dedup.policy_cache import PolicyCache
from shared.settings import Settings


def policy(chosen: argparse.Namespace, settings: Settings, source_id: str) -> Policy:
    """Return the policy of *source_id* in the account of `--tenant`; without one, the default.

    It brings the account's model. Raises Unavailable if the account cannot be asked.
    """
    if not chosen.tenant:
        return DEFAULT
    with ExitStack() as stack:
        database = stack.enter_context(as_application(settings))
        with database.transaction(chosen.tenant) as conn:
            return PolicyCache().ask(conn, chosen.tenant)().of(source_id)
