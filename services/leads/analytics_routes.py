"""HTTP of analytics: load, call, reply."""

from flask import Blueprint, Response

from services.leads import analytics, analytics_store
from services.leads.analytics_openapi import OVERVIEW, SCOPE, SERIES
from services.leads.analytics_schema import SeriesAsked
from services.leads.catching_up import catch_up
from shared import web
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("analytics", __name__)


@blueprint.get(OVERVIEW)
def overview() -> Response:
    """Answer the account in numbers."""
    tenant_id = _caught_up()
    with web.database().transaction(tenant_id) as conn:
        counted = analytics_store.by_status(conn, tenant_id)
        investigations = analytics_store.investigations(conn, tenant_id)
    return web.reply({"success": True, **analytics.overview(counted, investigations)})


@blueprint.get(SERIES)
def time_series() -> Response:
    """Answer what came, by day or week."""
    tenant_id = _caught_up()
    period = web.query(SeriesAsked())
    with web.database().transaction(tenant_id) as conn:
        counted = analytics_store.counted(conn, tenant_id, period)
        hours = analytics_store.response_hours(conn, tenant_id, period)
    return web.reply(
        {
            "success": True,
            "granularity": period.step,
            "time_zone": period.zone.key,
            "series": analytics.series(period, counted, hours),
        }
    )


def _caught_up() -> str:
    """Return the account, once it may ask and all of its leads are listed."""
    tenant_id = account(SCOPE)
    catch_up(web.database(), gate(), web.settings().default_country, tenant_id)
    return tenant_id
