"""HTTP of alerts and of what is done with them: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response
from marshmallow import Schema

from services.alerts import alert_answer, dealing, listing
from services.alerts.acting import Act, Name, snooze_end
from services.alerts.alert_openapi import HISTORY, ONE, PATH, READ, SCOPE, SUMMARY
from services.alerts.alert_schema import AlertPage, AlertPlace, Assigned, Noted, Several, Snoozed
from services.alerts.dealing import Doer
from services.alerts.office import desk
from services.alerts.sent import perhaps_sent, sent
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("alert_list", __name__)


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of alerts, newest first."""
    tenant_id, asked = account(READ), web.query(_PAGE)
    found = listing.page(desk(), tenant_id, asked, asked["limit"])
    shown = [alert_answer.alert(one, found.names) for one in found.alerts]
    return web.reply(
        {"success": True, "count": len(shown), "alerts": shown, "next_after": found.next_after}
    )


@blueprint.get(SUMMARY)
def summary() -> Response:
    """Answer the alerts of a week, counted."""
    counted, by_type = listing.summary(desk(), account(READ), datetime.now(UTC))
    return web.reply(alert_answer.summary(counted, by_type))


@blueprint.get(ONE)
def one(alert_id: str) -> Response:
    """Answer one alert."""
    tenant_id, wanted = account(READ), _id(alert_id)
    stored, names = listing.one(desk(), tenant_id, wanted)
    return web.reply({"success": True, "alert": alert_answer.alert(stored, names)})


@blueprint.get(HISTORY)
def history(alert_id: str) -> Response:
    """Answer what became of an alert."""
    tenant_id, wanted = account(READ), _id(alert_id)
    found = listing.history(desk(), tenant_id, wanted)
    return web.reply(alert_answer.history(wanted, *found))


@blueprint.put(f"{PATH}/read")
def read_several() -> Response:
    """Note that several alerts were read."""
    return _several(Act("read"))


@blueprint.put(f"{PATH}/dismiss")
def dismiss_several() -> Response:
    """Dismiss several alerts."""
    return _several(Act("dismiss"))


@blueprint.put(f"{ONE}/read")
def read(alert_id: str) -> Response:
    """Note that an alert was read."""
    return _plain(alert_id, "read")


@blueprint.put(f"{ONE}/acknowledge")
def acknowledge(alert_id: str) -> Response:
    """Note that somebody has an alert."""
    return _plain(alert_id, "acknowledge")


@blueprint.put(f"{ONE}/unacknowledge")
def unacknowledge(alert_id: str) -> Response:
    """Give an alert back."""
    return _plain(alert_id, "unacknowledge")


@blueprint.put(f"{ONE}/assign")
def assign(alert_id: str) -> Response:
    """Note who is to look after an alert."""
    tenant_id, said, wanted = _asked(alert_id, _ASSIGNED)
    return _dealt(tenant_id, wanted, Act("assign", assigned_to=said["assigned_to"]), said)


@blueprint.put(f"{ONE}/snooze")
def snooze(alert_id: str) -> Response:
    """Put an alert off."""
    tenant_id, said, wanted = _asked(alert_id, _SNOOZED)
    until = snooze_end(datetime.now(UTC), said.get("until"), said.get("minutes"))
    return _dealt(tenant_id, wanted, Act("snooze", snoozed_until=until), said)


@blueprint.put(f"{ONE}/action")
def action(alert_id: str) -> Response:
    """Note that an alert was acted on."""
    return _plain(alert_id, "action")


@blueprint.put(f"{ONE}/dismiss")
def dismiss(alert_id: str) -> Response:
    """Dismiss an alert."""
    return _plain(alert_id, "dismiss")


@blueprint.put(f"{ONE}/resolve")
def resolve(alert_id: str) -> Response:
    """Note that an alert is no longer so."""
    return _plain(alert_id, "resolve")


@blueprint.put(f"{ONE}/reopen")
def reopen(alert_id: str) -> Response:
    """Open an alert again."""
    return _plain(alert_id, "reopen")


def _plain(alert_id: str, name: Name) -> Response:
    tenant_id, said, wanted = _asked(alert_id, _NOTED)
    return _dealt(tenant_id, wanted, Act(name), said)


def _asked(alert_id: str, schema: Schema) -> tuple[str, Mapping[str, Any], UUID]:
    tenant_id, data = perhaps_sent(SCOPE)
    wanted = _id(alert_id)
    return tenant_id, loaded(schema, data), wanted


def _dealt(tenant_id: str, alert_id: UUID, act: Act, said: Mapping[str, Any]) -> Response:
    doer = Doer(web.acting(), said.get("note"))
    stored, changed = dealing.deal(desk(), tenant_id, alert_id, act, doer, datetime.now(UTC))
    names = listing.names(desk(), tenant_id, [stored])
    return web.reply(alert_answer.acted(stored, changed, names))


def _several(act: Act) -> Response:
    tenant_id, data = sent(SCOPE)
    said = loaded(_SEVERAL, data)
    doer = Doer(web.acting(), said.get("note"))
    done = dealing.deal_with_all(desk(), tenant_id, said["alert_ids"], act, doer, datetime.now(UTC))
    return web.reply(alert_answer.several(done))


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"alert_id": text})["alert_id"])


_PAGE, _PLACE, _NOTED, _ASSIGNED = AlertPage(), AlertPlace(), Noted(), Assigned()
_SNOOZED, _SEVERAL = Snoozed(), Several()
