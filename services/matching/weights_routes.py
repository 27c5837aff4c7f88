"""HTTP of weights that are learned from outcomes: load, call, reply."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from services.matching import weighing, weights_answer
from services.matching.catalogue_schema import ServicePlace
from services.matching.weights_openapi import LEARN, WEIGHTS
from services.matching.weights_schema import Learning, WeightsChange, wanted
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("weights", __name__)


@blueprint.get(WEIGHTS)
def show(service_id: str) -> Response:
    """Answer what holds of a service's weights."""
    tenant_id, service = account("read:leads"), _id(service_id)
    return web.reply(weights_answer.state(weighing.state(web.database(), tenant_id, service)))


@blueprint.post(LEARN)
def learn(service_id: str) -> Response:
    """Learn now."""
    tenant_id, data = _sent()
    service, said = _id(service_id), loaded(_LEARNING, data)
    done = weighing.learn(web.database(), tenant_id, service, web.acting(), said["apply"])
    return web.reply(weights_answer.lesson(done))


@blueprint.put(WEIGHTS)
def change(service_id: str) -> Response:
    """Put weights in force, and say what the worker may do."""
    tenant_id, data = _sent()
    service, said = _id(service_id), loaded(_CHANGE, data)
    database, by = web.database(), web.acting()
    if "version" in said:
        found = weighing.put_in_force(database, tenant_id, service, wanted(said), by)
    if "learning" in said:
        found = weighing.allow(database, tenant_id, service, said["learning"], by)
    return web.reply(weights_answer.state(found))


def _sent() -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, "write:leads")
    data = web.body()
    return account("write:leads", data), data


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_SERVICE, {"service_id": text})["service_id"])


_SERVICE, _LEARNING, _CHANGE = ServicePlace(), Learning(), WeightsChange()
