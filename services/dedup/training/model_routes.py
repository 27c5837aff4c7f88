"""HTTP of an account's models: load, call, reply."""

from flask import Blueprint, Response

from services.dedup import policy_change
from services.dedup.policy_routes import policies
from services.dedup.training import model_answer, training
from services.dedup.training.model_openapi import PATH
from services.dedup.training.model_schema import ModelPage, ModelPlace
from shared import web
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import gate

blueprint = Blueprint("models", __name__)

_PAGE, _PLACE = ModelPage(), ModelPlace()


@blueprint.get(PATH)
def models() -> Response:
    """Show the account's models, the newest first."""
    tenant_id = account("read:leads")
    asked = web.query(_PAGE)
    with web.database().transaction(tenant_id) as conn:
        return web.reply({"success": True, **model_answer.listed(conn, tenant_id, asked["limit"])})


@blueprint.post(f"{PATH}/<model_version>/use")
def use(model_version: str) -> Response:
    """Let one of them decide, or the standard model."""
    web.admit(web.SERVERS)
    data = web.body()
    tenant_id = account("admin:account", data)
    version = loaded(_PLACE, {"model_version": model_version})["model_version"]
    turn = policy_change.turn(gate(), tenant_id)
    with web.database().transaction(tenant_id, [turn]) as conn:
        training.use(conn, tenant_id, version, web.acting())
    policies().forget(tenant_id)
    return web.reply({"success": True, "in_use": version})
