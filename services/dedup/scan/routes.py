"""HTTP of scans: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, request

from services.dedup.scan import asking
from services.dedup.scan.openapi import CANCEL, NIGHTS, ONE, PATH
from services.dedup.scan.scan import Scan
from services.dedup.scan.schema import NewScan, NightsWanted, ScanPage, ScanPlace, shown
from shared import web
from shared.validation import loaded
from shared.web.account import NO_BODY, account

blueprint = Blueprint("scans", __name__)


@blueprint.post(PATH)
def ask() -> tuple[Response, int]:
    """Have the account's stored leads scanned."""
    tenant_id, data = _sent()
    only_unchecked = loaded(_NEW, data).get("only_unchecked", False)
    scan = asking.ask(web.database(), tenant_id, only_unchecked, web.acting())
    return web.reply({"success": True, "scan": _shown(scan)}), 202


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of scans, the latest first."""
    tenant_id, asked = account("read:leads"), web.query(_PAGE)
    found, following, nightly = asking.page(
        web.database(), tenant_id, asked["after"], asked["limit"]
    )
    scans = [_shown(scan) for scan in found]
    told = {"count": len(scans), "scans": scans, "next_after": following, "nightly": nightly}
    return web.reply({"success": True, **told})


@blueprint.get(ONE)
def one(scan_id: str) -> Response:
    """Answer how far a scan is."""
    tenant_id, wanted = account("read:leads"), _id(scan_id)
    scan = asking.found(web.database(), tenant_id, wanted)
    return web.reply({"success": True, "scan": _shown(scan)})


@blueprint.post(CANCEL)
def cancel(scan_id: str) -> Response:
    """Let a scan go no further."""
    tenant_id, _ = _sent()
    scan, changed = asking.cancel(web.database(), tenant_id, _id(scan_id))
    return web.reply({"success": True, "changed": changed, "scan": _shown(scan)})


@blueprint.put(NIGHTS)
def set_nights() -> Response:
    """Have new leads scanned at night, or not."""
    tenant_id, data = _sent()
    nightly = loaded(_NIGHTS, data)["nightly"]
    asking.set_nightly(web.database(), tenant_id, nightly)
    return web.reply({"success": True, "nightly": nightly})


def _shown(scan: Scan) -> dict[str, Any]:
    return shown(scan, scan.seconds_left(datetime.now(UTC)))


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body() if request.content_length else NO_BODY
    return account("write:leads", data), data


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"scan_id": text})["scan_id"])


_NEW, _PAGE, _PLACE, _NIGHTS = NewScan(), ScanPage(), ScanPlace(), NightsWanted()
