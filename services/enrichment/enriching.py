"""Enriching a lead: providers are asked what else is known, as far as they may be.

While they are asked no transaction is open. Whether they may be is looked at before and after: who
objects meanwhile has nothing kept. What the person gave is not touched.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.enrichment import finding_store, permitting, run_store
from services.enrichment.asking import Question
from services.enrichment.conflicting import Conflict, conflicts
from services.enrichment.desk import Desk
from services.enrichment.held import Held, Run
from services.enrichment.known import Known, known, permit
from services.enrichment.outcome import ANSWERED, NOT_APPLICABLE, REFUSED, Outcome
from services.enrichment.permitting import Basis
from services.enrichment.providers.provider import Asked, Provider
from shared import errors
from shared.errors import Forbidden, ServiceError, Unavailable
from shared.ids import uuid7
from shared.privacy.gate import Permit

SECONDS = 9.0
"""For all providers together, so that the whole answer takes ten."""

NOTHING_KNOWN = "the lead says nothing that it could be asked about"

NOTHING_FOUND = "Nothing was found."


class EnrichmentRefused(Forbidden):
    """Nobody may be asked about this person; details say why."""


class BeingEnriched(errors.Conflict):
    """This lead is being enriched just now; its findings are there in some seconds."""


class EnrichmentEnded(errors.Conflict):
    """What was kept of this lead was deleted meanwhile, so nothing that was found is kept."""


class TooManyRuns(Unavailable):
    """Too many leads are being enriched just now; try again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller wants to know, and by what."""

    username: str | None = None
    email: str | None = None
    """To be asked about in place of the lead's own."""
    providers: tuple[str, ...] | None = None
    """Only these; None: all."""
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Enriched:
    """What became of one run."""

    run_id: UUID
    outcomes: Mapping[str, Outcome]
    """Of every provider that was wanted, in the order of the registry."""
    held: tuple[Held, ...]
    """All that is held of the lead now."""
    conflicts: tuple[Conflict, ...]


def enrich(
    desk: Desk, tenant_id: str, lead_id: UUID, wish: Wish, by: str, now: datetime
) -> Enriched:
    """Ask providers about a lead and keep what they find; *by* and *now* stand in the run.

    Raises NotFound, EnrichmentRefused, BeingEnriched, EnrichmentEnded or TooManyRuns.
    """
    if not desk.means.room.acquire(blocking=False):
        raise TooManyRuns
    try:
        run = Run(uuid7(), now, by, wish.basis, {}, None)
        before, refused = _begun(desk, tenant_id, lead_id, wish, run)
        try:
            return _run(desk, tenant_id, before, wish, refused, run)
        except BaseException:
            _give_up(desk, tenant_id, lead_id, run)
            raise
    finally:
        desk.means.room.release()


def _begun(
    desk: Desk, tenant_id: str, lead_id: UUID, wish: Wish, run: Run
) -> tuple[Known, dict[str, str]]:
    """Store that a run began; return the lead, and why those may not be asked who may not."""
    with desk.database.transaction(tenant_id) as conn:
        before = known(desk, conn, tenant_id, lead_id, run.asked_at, wish.email)
        refused = _refusals(desk, before, wish)
        allowed = permit(desk, tenant_id, before.standing)
        if not run_store.begin(conn, allowed, lead_id, run, _expiry(desk, run.asked_at)):
            raise BeingEnriched
    return before, refused


def _refusals(desk: Desk, before: Known, wish: Wish) -> dict[str, str]:
    """Return by provider why it may not be asked. Raises EnrichmentRefused if none may."""
    general = permitting.refusal(desk.gate.mode, before.standing)
    if general:
        raise EnrichmentRefused(details={permitting.CONSENT: general})
    wanted = _wanted(desk, wish)
    person = permitting.refusal_of_person(desk.gate.mode, before.standing, wish.basis)
    refused = {one.name: person for one in wanted if one.personal and person}
    if len(refused) == len(wanted):
        raise EnrichmentRefused(details={f"providers.{name}": why for name, why in refused.items()})
    return refused


def _asked(
    desk: Desk, before: Known, wish: Wish, refused: Mapping[str, str], run: Run
) -> dict[str, Outcome]:
    """Return what became of every provider that is wanted."""
    reach = desk.means.reach(run.asked_at, time.monotonic() + SECONDS)
    fields = dict(before.said.fields)
    fields |= {name: said for name in ("username", "email") if (said := getattr(wish, name))}
    person = permitting.refusal_of_person(desk.gate.mode, before.standing, wish.basis) is None
    outcomes, questions = {}, []
    for one in _wanted(desk, wish):
        told = {name: fields[name] for name in one.needs if fields.get(name)}
        if one.name in refused:
            outcomes[one.name] = Outcome(one.name, REFUSED, refused[one.name])
        elif not told:
            outcomes[one.name] = Outcome(one.name, NOT_APPLICABLE, NOTHING_KNOWN)
        else:
            questions.append(Question(one, Asked(told, desk.country, person, run.id)))
    outcomes |= desk.means.askers.ask(tuple(questions), reach)
    return {one.name: outcomes[one.name] for one in _wanted(desk, wish)}


def _run(
    desk: Desk, tenant_id: str, before: Known, wish: Wish, refused: Mapping[str, str], run: Run
) -> Enriched:
    """Ask, store what was found if it still may be, and return what is held now."""
    begun, lead_id = time.monotonic(), before.said.id
    outcomes = _asked(desk, before, wish, refused, run)
    ended_at = run.asked_at + timedelta(seconds=time.monotonic() - begun)
    with desk.database.transaction(tenant_id) as conn:
        after = known(desk, conn, tenant_id, lead_id, ended_at, wish.email)
        refused = _refusals(desk, after, wish)
        if not run_store.end(conn, tenant_id, lead_id, run.id, _said(outcomes), ended_at):
            raise EnrichmentEnded
        answered = [
            one for name, one in outcomes.items() if one.status == ANSWERED and name not in refused
        ]
        _keep(desk, conn, permit(desk, tenant_id, after.standing), lead_id, run, answered)
        held = in_order(desk, finding_store.of_lead(conn, desk.gate, tenant_id, lead_id, ended_at))
    found = [one.finding for one in held]
    return Enriched(run.id, outcomes, held, conflicts(after.said.fields, found, desk.country))


def _keep(
    desk: Desk, conn: Connection, allowed: Permit, lead_id: UUID, run: Run, answered: list[Outcome]
) -> None:
    """Store what providers found, each in place of what it had found before."""
    expires_at = _expiry(desk, run.asked_at)
    for one in answered:
        finding_store.replace(
            conn,
            allowed,
            lead_id,
            finding_store.Found(run.id, one.provider, one.findings),
            desk.country,
            expires_at,
        )


def in_order(desk: Desk, held: list[Held]) -> tuple[Held, ...]:
    """Return findings by provider in the order of the registry, then of those it no longer has."""
    places = {one.name: place for place, one in enumerate(desk.providers)}
    return tuple(sorted(held, key=lambda one: places.get(one.finding.provider, len(places))))


def _give_up(desk: Desk, tenant_id: str, lead_id: UUID, run: Run) -> None:
    """End a run of which nothing is kept; where that fails the next one takes it for abandoned."""
    with suppress(ServiceError), desk.database.transaction(tenant_id) as conn:
        run_store.end(conn, tenant_id, lead_id, run.id, {}, run.asked_at)


def _said(outcomes: Mapping[str, Outcome]) -> dict[str, dict[str, Any]]:
    return {
        name: {"status": one.status, "message": one.message, "findings": len(one.findings)}
        for name, one in outcomes.items()
    }


def _wanted(desk: Desk, wish: Wish) -> list[Provider]:
    return [one for one in desk.providers if wish.providers is None or one.name in wish.providers]


def _expiry(desk: Desk, now: datetime) -> datetime:
    """Return until when a finding of *now* is kept: a profile is what it makes (the mode's)."""
    return now + timedelta(days=desk.gate.mode.retention.profiles)
