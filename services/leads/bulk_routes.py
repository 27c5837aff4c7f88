"""HTTP of bulk actions: load, call, reply."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, request

from services.leads import bulk, bulk_store, filter_schema, lead_answer, lead_store
from services.leads.bulk import Order
from services.leads.bulk_openapi import ACTIONS, ONE, PATH, UNDO
from services.leads.bulk_schema import BulkOrder, BulkPlace
from services.leads.catching_up import catch_up
from services.leads.change_schema import LatestPage
from services.leads.filter import Filter
from shared import web
from shared.errors import Malformed, Meaningless, NotFound
from shared.validation import loaded
from shared.web.account import NO_BODY, account
from shared.web.service import gate

blueprint = Blueprint("lead_bulk", __name__)


@blueprint.post(PATH)
def act() -> Response:
    """Change many leads, or tell what would change."""
    web.caller(None, "write:leads")
    data = web.body()
    tenant_id, sent = account("write:leads", data), loaded(BulkOrder(), data)
    order = _order(tenant_id, sent)
    left = catch_up(web.database(), gate(), web.settings().default_country, tenant_id)
    if sent.get("preview"):
        return _previewed(tenant_id, order, left)
    done = bulk.run(web.database(), gate(), tenant_id, order, web.acting())
    counts = done.picked.answer(done.tally) | {"not_listed": left}
    action = done.action and done.action.answer()
    return web.reply({"success": True, "bulk": action, "counts": counts})


@blueprint.get(ACTIONS)
def many() -> Response:
    """Answer a page of actions, newest first."""
    tenant_id, asked = account("read:leads"), web.query(LatestPage())
    limit = asked["limit"]
    with web.database().transaction(tenant_id) as conn:
        found = bulk_store.page(conn, tenant_id, asked["after"], limit + 1)
    shown = [action.answer() for action in found[:limit]]
    following = found[limit - 1].id if len(found) > limit else None
    return web.reply({"success": True, "count": len(shown), "bulk": shown, "next_after": following})


@blueprint.get(ONE)
def one(bulk_id: str) -> Response:
    """Answer one action."""
    tenant_id, wanted = account("read:leads"), _id(bulk_id)
    with web.database().transaction(tenant_id) as conn:
        action = bulk_store.one(conn, tenant_id, wanted)
    if action is None:
        raise NotFound
    return web.reply({"success": True, "bulk": action.answer()})


@blueprint.post(UNDO)
def undo(bulk_id: str) -> Response:
    """Take an action back."""
    web.caller(None, "write:leads")
    tenant_id = account("write:leads", web.body() if request.content_length else NO_BODY)
    action, changed = bulk.undo(web.database(), tenant_id, _id(bulk_id), web.acting())
    return web.reply({"success": True, "changed": changed, "bulk": action.answer()})


def _order(tenant_id: str, sent: Mapping[str, Any]) -> Order:
    """Return what was asked for. Raises as `_meant` does."""
    wanted = Filter(duplicates=True)
    if "filter" in sent:
        wanted = _meant(tenant_id, sent["filter"])
    return Order(
        replace(wanted, lead_ids=tuple(dict.fromkeys(sent.get("lead_ids", ())))),
        sent["change"],
        sent.get("limit"),
        sent.get("expected_count"),
        sent.get("selection"),
    )


def _meant(tenant_id: str, sent: Mapping[str, Any]) -> Filter:
    """Return the filter. Raises as `filter_schema.wanted`, its fields by their path in the body."""
    try:
        return filter_schema.wanted(sent, web.settings().default_country, gate(), tenant_id)
    except (Malformed, Meaningless) as error:
        details = {
            f"filter.{name}" if name in sent else name: fault
            for name, fault in error.details.items()
        }
        raise type(error)(error.message, details) from None


def _previewed(tenant_id: str, order: Order, left: int) -> Response:
    seen = bulk.preview(web.database(), gate(), tenant_id, order)
    counts = seen.picked.answer(seen.tally) | {"not_listed": left}
    sample = _sample(tenant_id, seen.sample)
    return web.reply({"success": True, "preview": counts | {"sample": sample}})


def _sample(tenant_id: str, found: Sequence[tuple[UUID, str, Any, Any]]) -> list[dict[str, Any]]:
    changes = {
        lead_id: [{"field": row[1], "before": row[2], "after": row[3]} for row in rows]
        for lead_id, rows in groupby(found, lambda row: row[0])
    }
    with web.database().transaction(tenant_id) as conn:
        stored = lead_store.many(conn, tenant_id, list(changes))
    return [
        {"lead": lead_answer.lead(gate(), tenant_id, row), "changes": changes[row.id]}
        for row in stored
    ]


def _id(text: str) -> UUID:
    return cast(UUID, loaded(BulkPlace(), {"bulk_id": text})["bulk_id"])
