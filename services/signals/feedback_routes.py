"""HTTP of a lead's signals and of what people say of them: load, call, reply."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from services.signals import reviewing
from services.signals.feedback_openapi import OF_DETECTION, OF_LEAD, OF_SIGNAL
from services.signals.feedback_schema import (
    DetectionFeedback,
    DetectionPlace,
    HistoryPage,
    LeadSignalsPlace,
    SignalFeedback,
    SignalPlace,
)
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("signal_feedback", __name__)


@blueprint.get(OF_LEAD)
def history(lead_id: str) -> Response:
    """Answer a page of what was detected of a lead, newest first."""
    tenant_id = account("read:leads")
    wanted, asked = loaded(_LEAD, {"lead_id": lead_id})["lead_id"], web.query(_PAGE)
    found, following = reviewing.history(
        web.database(), gate(), tenant_id, wanted, asked["after"], asked["limit"]
    )
    return web.reply(
        {"success": True, "count": len(found), "detections": found, "next_after": following}
    )


@blueprint.post(OF_SIGNAL)
def judge_signal(signal_id: str) -> Response:
    """Store what somebody says of a signal."""
    tenant_id, data = _sent()
    wanted = loaded(_SIGNAL, {"signal_id": signal_id})["signal_id"]
    said = loaded(_OF_SIGNAL, data)
    given = reviewing.judge_signal(web.database(), gate(), tenant_id, wanted, said, web.acting())
    return web.created({"success": True, "feedback": given})


@blueprint.post(OF_DETECTION)
def label_detection(detection_id: str) -> Response:
    """Store what somebody says that a text really says."""
    tenant_id, data = _sent()
    wanted = loaded(_DETECTION, {"detection_id": detection_id})["detection_id"]
    said = loaded(_OF_DETECTION, data)
    given = reviewing.label_detection(web.database(), gate(), tenant_id, wanted, said, web.acting())
    return web.created({"success": True, "feedback": given})


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body()
    return account("write:leads", data), data


_LEAD, _SIGNAL, _DETECTION = LeadSignalsPlace(), SignalPlace(), DetectionPlace()
_PAGE, _OF_SIGNAL, _OF_DETECTION = HistoryPage(), SignalFeedback(), DetectionFeedback()
