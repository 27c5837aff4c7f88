"""HTTP of exports: load, call, reply."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from services.leads import export, export_store, filter_schema
from services.leads.catching_up import catch_up
from services.leads.change_schema import LatestPage
from services.leads.export import Order
from services.leads.export_openapi import CSV, EXPORTS, FILE, ONE
from services.leads.export_schema import ExportPlace, ExportQuery
from shared import web
from shared.errors import NotFound
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

NAME = "leads.csv"
"""What the file is called where it is saved."""

NO_FILTER = frozenset({"user_id", "purpose", "bom"})
"""What an export is asked beside its filter."""

blueprint = Blueprint("lead_exports", __name__)


@blueprint.get(FILE)
def file() -> Response:
    """Answer leads as a CSV file, while they are read."""
    tenant_id, asked = account("read:leads"), web.query(ExportQuery())
    country = web.settings().default_country
    wanted = filter_schema.wanted(asked, country, gate(), tenant_id)
    left = catch_up(web.database(), gate(), country, tenant_id)
    order = Order(wanted, _audited(asked), asked["purpose"], asked["bom"])
    export_id, pieces = export.begin(web.database(), gate(), tenant_id, order, web.acting())
    answer = Response(pieces, content_type=f"{CSV}; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    answer.headers["X-Export-ID"] = str(export_id)
    answer.headers["X-Leads-Not-Listed"] = str(left)
    return answer


@blueprint.get(EXPORTS)
def many() -> Response:
    """Answer a page of exports, newest first."""
    tenant_id, asked = account("read:leads"), web.query(LatestPage())
    limit = asked["limit"]
    with web.database().transaction(tenant_id) as conn:
        found = export_store.many(conn, tenant_id, asked["after"], limit + 1)
    shown = [one.answer() for one in found[:limit]]
    following = found[limit - 1].id if len(found) > limit else None
    return web.reply(
        {"success": True, "count": len(shown), "exports": shown, "next_after": following}
    )


@blueprint.get(ONE)
def one(export_id: str) -> Response:
    """Answer one export."""
    tenant_id = account("read:leads")
    wanted = cast(UUID, loaded(ExportPlace(), {"export_id": export_id})["export_id"])
    with web.database().transaction(tenant_id) as conn:
        found = export_store.one(conn, tenant_id, wanted)
    if found is None:
        raise NotFound
    return web.reply({"success": True, "export": found.answer()})


def _audited(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a filter the audit keeps: what people search for is often somebody's name."""
    said = {name: value for name, value in asked.items() if value and name not in NO_FILTER}
    return said | ({"search": True} if "search" in said else {})
