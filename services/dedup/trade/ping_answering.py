"""Answering a ping: the way of a dry run for what is said in clear, and a look-up for a digest.

A digest of an account that knows its leads by theirs is exchanged for what the known lead says of
itself, so look-backs, holds and policies decide of it as of any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection

from services.dedup.decision import REVIEW
from services.dedup.dry_run import dry_run, only
from services.dedup.outcome import Outcome
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import Prepared, prepare
from services.dedup.trade import (
    hashed_keys,
    hashed_store,
    lists_store,
    ping,
    ping_store,
    ping_token,
)
from services.dedup.trade.deal import Deal
from services.dedup.trade.ping import Answered
from services.dedup.trade.standing import SUPPRESSED
from services.dedup.trade.terms import Scope
from services.dedup.verdict import Submission
from shared import leads, suppression
from shared.db import Database
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate, Permit
from shared.privacy.purposes import LEAD_PROCESSING
from shared.suppression import Value


@dataclass(frozen=True, slots=True)
class Ping:
    """What is asked."""

    scope: Scope
    fields: Mapping[str, str]
    """What is said in clear, by the names of a lead's fields."""
    digests: Mapping[str, tuple[Value, ...]]
    """Digests of the `email` and the `phone`."""
    consent: Consent | None
    seconds: int
    """How long the answer may be followed by its lead."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a ping is answered with."""

    database: Database
    gate: Gate
    policies: PolicyCache
    country: str
    """What a national number is read as."""


@dataclass(frozen=True, slots=True)
class _ByDigest:
    """What is known of a digest."""

    listed: str | None = None
    """What a suppression list that names it wants: `reject` or `flag`."""
    fields: Mapping[str, str] | None = None
    """What the newest lead with this address or number says of these."""
    complete: bool = False
    """True if every lead of the account is known by its digests."""


def answer(desk: Desk, tenant_id: str, asked: Ping, now: datetime) -> Answered:
    """Return what a lead as *asked* about would meet, and count the ping; nothing else is stored.

    Raises ConsentMissing where the privacy mode asks for a consent that was not given, and
    Unavailable: a ping that cannot be answered is not answered.
    """
    permit = desk.gate.admit(tenant_id, LEAD_PROCESSING, asked.consent)
    found = _by_digest(desk, permit, asked, now) if asked.digests else _ByDigest()
    lead = _lead(desk, tenant_id, asked, found, now)
    outcome = only(dry_run(desk.database, desk.gate, tenant_id, [lead], desk.policies))
    checked = ping.checked(bool(lead.values), bool(asked.digests), found.complete)
    answered = _answered(outcome, found.listed, checked)
    with desk.database.transaction(tenant_id) as conn:
        told = answered.reason or answered.outcome
        ping_store.count(conn, tenant_id, asked.scope, now.date(), told)
    return answered


def ping_id(desk: Desk, tenant_id: str, asked: Ping, now: datetime) -> tuple[str, datetime]:
    """Return the id under which a lead may follow the ping, and until when."""
    expires_at = (now + timedelta(seconds=asked.seconds)).replace(microsecond=0)
    return ping_token.made(_sign(desk, tenant_id), asked.scope, expires_at), expires_at


def _sign(desk: Desk, tenant_id: str) -> ping_token.Sign:
    return lambda text: desk.gate.keyring.signature(tenant_id, ping_token.KIND, text)


def _lead(desk: Desk, tenant_id: str, asked: Ping, found: _ByDigest, now: datetime) -> Prepared:
    source_id, buyer_id, campaign_id = asked.scope
    fields = ping.joined(asked.fields, found.fields or {})
    deal = Deal(buyer_id, campaign_id)
    submission = Submission(source_id, fields, now, deal=deal, consent=asked.consent)
    return prepare(desk.gate, tenant_id, submission, desk.country)


def _answered(outcome: Outcome, listed: str | None, checked: tuple[str, ...]) -> Answered:
    decision = outcome.verdict.decision
    reason = SUPPRESSED if listed == "reject" else ping.reason(decision)
    full = outcome.standing.full
    doubtful = decision.action is REVIEW and (decision.duplicate_found or outcome.standing.listed)
    return Answered(
        reason,
        review=reason is None and bool(doubtful or listed),
        resumes_at=full.resumes_at if full and reason == full.reason else None,
        checked=checked,
    )


def _by_digest(desk: Desk, permit: Permit, asked: Ping, now: datetime) -> _ByDigest:
    tenant_id = permit.tenant_id
    values = [value for each in asked.digests.values() for value in each]
    with desk.database.transaction(tenant_id) as conn:
        keys = suppression.keys(permit.pseudonym, values)
        listed = [
            entry.on_hit
            for entry in lists_store.listed(conn, tenant_id, keys, now)
            if not entry.sources or asked.scope.source_id in entry.sources
        ]
        hit = "reject" if "reject" in listed else next(iter(listed), None)
        switch = hashed_store.find(conn, tenant_id)
        if switch is None:
            return _ByDigest(hit)
        known = _known(desk, conn, permit, asked.digests)
        return _ByDigest(hit, known, switch.complete_at is not None)


def _known(
    desk: Desk, conn: Connection, permit: Permit, digests: Mapping[str, Sequence[Value]]
) -> dict[str, str]:
    """Return what the newest leads that have these digests say, in the fields that they have."""
    found: dict[str, str] = {}
    for kind, values in digests.items():
        keys = hashed_keys.of_values(permit, values)
        lead_id = hashed_store.newest(conn, permit.tenant_id, keys)
        lead = leads.find(conn, desk.gate, permit.tenant_id, lead_id) if lead_id else None
        if lead:
            own = {name: lead.fields.get(name) for name in (kind, f"other_{kind}", "country")}
            found |= {name: text for name, text in own.items() if text}
    return found
