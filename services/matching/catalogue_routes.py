"""HTTP of the catalogue: load, call, reply."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from services.matching import catalogue, catalogue_answer
from services.matching.catalogue import Desk
from services.matching.catalogue_openapi import EXPORT, IMPORT, ONE, PATH, VERSIONS
from services.matching.catalogue_schema import (
    ExportPage,
    NewService,
    ServiceChange,
    ServicePage,
    ServicePlace,
    VersionPage,
)
from services.matching.import_schema import imported
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("services", __name__)


@blueprint.post(PATH)
def add() -> Response:
    """Add a service."""
    tenant_id, data = _sent()
    added = catalogue.add(_desk(), tenant_id, loaded(_NEW, data), web.acting())
    return web.created({"success": True, "service": catalogue_answer.service(added)})


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of services, newest first."""
    tenant_id, asked = account("read:leads"), web.query(_PAGE)
    found, following = catalogue.page(_desk(), tenant_id, asked, asked["limit"])
    shown = [catalogue_answer.service(one) for one in found]
    return web.reply(
        {"success": True, "count": len(shown), "services": shown, "next_after": following}
    )


@blueprint.get(EXPORT)
def export() -> Response:
    """Answer a page of the catalogue as an import takes it, oldest first."""
    tenant_id, asked = account("read:leads"), web.query(_EXPORT)
    found, following = catalogue.taken_out(_desk(), tenant_id, asked["after"], asked["limit"])
    services = [catalogue_answer.exported(one) for one in found]
    return web.reply(
        {"success": True, "count": len(services), "services": services, "next_after": following}
    )


@blueprint.post(IMPORT)
def bring_in() -> Response:
    """Store all services of a catalogue, or none."""
    tenant_id, data = _sent()
    done = catalogue.bring_in(_desk(), tenant_id, imported(data), web.acting())
    return web.reply(
        {
            "success": True,
            "created": done.created,
            "changed": done.changed,
            "unchanged": done.unchanged,
        }
    )


@blueprint.get(ONE)
def one(service_id: str) -> Response:
    """Answer one service."""
    tenant_id, wanted = account("read:leads"), _id(service_id)
    return _answered(catalogue.found(_desk(), tenant_id, wanted))


@blueprint.put(ONE)
def change(service_id: str) -> Response:
    """Change a service: a new version."""
    tenant_id, data = _sent()
    wanted, said = _id(service_id), loaded(_CHANGE, data)
    return _answered(catalogue.change(_desk(), tenant_id, wanted, said, web.acting()))


@blueprint.delete(ONE)
def end(service_id: str) -> Response:
    """Make a service inactive."""
    tenant_id, wanted = account("write:leads"), _id(service_id)
    return _answered(catalogue.end(_desk(), tenant_id, wanted, web.acting()))


@blueprint.get(VERSIONS)
def versions(service_id: str) -> Response:
    """Answer a page of what a service was, the latest first."""
    tenant_id, wanted, asked = account("read:leads"), _id(service_id), web.query(_HISTORY)
    found, following = catalogue.versions(
        _desk(), tenant_id, wanted, asked["before"], asked["limit"]
    )
    return web.reply(
        {
            "success": True,
            "service_id": wanted,
            "count": len(found),
            "versions": [catalogue_answer.version(each) for each in found],
            "next_before": following,
        }
    )


def _answered(stored: Any) -> Response:
    return web.reply({"success": True, "service": catalogue_answer.service(stored)})


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body()
    return account("write:leads", data), data


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"service_id": text})["service_id"])


def _desk() -> Desk:
    return Desk(web.database(), gate(), web.settings().default_country)


_NEW, _CHANGE, _PLACE = NewService(), ServiceChange(), ServicePlace()
_PAGE, _EXPORT, _HISTORY = ServicePage(), ExportPage(), VersionPage()
