"""HTTP of sources: load, call, reply."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from services.dedup.intake import source_change, source_schema, trying
from services.dedup.intake.source import SETTINGS, Source, changed
from services.dedup.intake.source_openapi import ONE, PATH, SCOPE
from services.dedup.intake.sources import Sources
from services.dedup.policy_routes import policies
from services.dedup.policy_schema import checked_source
from shared import web
from shared.privacy.gate import Gate
from shared.validation import loaded
from shared.web.account import NO_BODY, account
from shared.web.context import EXTENSION
from shared.web.service import gate

blueprint = Blueprint("sources", __name__)

SOURCES = "leadfly.dedup.sources"
"""Where the sources that this process remembers stand, in `app.extensions`."""


def sources() -> Sources:
    """Return the sources that the running app remembers."""
    return cast(Sources, current_app.extensions[SOURCES])


@blueprint.post(PATH)
def create() -> Response:
    """Make a source."""
    tenant_id, data = _sent()
    new = loaded(source_schema.NewSource(), data)
    source = changed(Source(tenant_id, new["source_id"]), new)
    made = source_change.create(
        web.database(), gate(), source, web.acting(), web.granted(), new.get("policy")
    )
    sources().forget(tenant_id, source.source_id)
    policies().forget(tenant_id)
    return web.created({"success": True, **made.answer(web.settings().public_url)})


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of sources, by name."""
    tenant_id, asked = account("read:leads"), web.query(source_schema.SourcePage())
    found, following = source_change.page(
        web.database(), gate(), tenant_id, asked["after"], asked["limit"]
    )
    shown = [source.answer() for source in found]
    answer = {"success": True, "count": len(shown), "sources": shown, "next_after": following}
    return web.reply(answer)


@blueprint.get(ONE)
def one(source_id: str) -> Response:
    """Answer one source."""
    tenant_id, source_id = account("read:leads"), checked_source(source_id)
    shown = source_change.one(web.database(), gate(), tenant_id, source_id)
    return web.reply({"success": True, "source": shown.answer()})


@blueprint.put(ONE)
def change(source_id: str) -> Response:
    """Change a source."""
    tenant_id, data = _sent()
    source_id, changes = checked_source(source_id), loaded(source_schema.SourceChange(), data)
    shown = source_change.change(
        web.database(), gate(), tenant_id, source_id, changes, web.acting()
    )
    sources().forget(tenant_id, source_id)
    return web.reply({"success": True, "source": shown.answer()})


@blueprint.delete(ONE)
def remove(source_id: str) -> Response:
    """Remove a source."""
    tenant_id, source_id = account(SCOPE), checked_source(source_id)
    source_change.remove(web.database(), gate(), tenant_id, source_id)
    sources().forget(tenant_id, source_id)
    return web.reply({"success": True, "source_id": source_id})


@blueprint.post(f"{ONE}/rotate")
def rotate(source_id: str) -> Response:
    """Give a source a new token."""
    tenant_id, data = _sent()
    source_id, wanted = checked_source(source_id), loaded(source_schema.Rotation(), data)
    overlap = timedelta(hours=wanted["overlap_hours"])
    opened = source_change.rotate(
        web.database(), gate(), tenant_id, source_id, overlap, web.granted()
    )
    return web.created({"success": True, **opened.answer(web.settings().public_url)})


@blueprint.post(f"{ONE}/revoke")
def revoke(source_id: str) -> Response:
    """Revoke every token of a source."""
    web.caller(None, SCOPE)
    tenant_id = account(SCOPE, web.body() if request.content_length else NO_BODY)
    shown = source_change.revoke(web.database(), gate(), tenant_id, checked_source(source_id))
    return web.reply({"success": True, "source": shown.answer()})


@blueprint.post(f"{PATH}/try")
def try_any() -> Response:
    """Show how a payload would be understood."""
    _, data = _sent("read:leads")
    return _tried(loaded(source_schema.Sample(), data), None)


@blueprint.post(f"{ONE}/try")
def try_one(source_id: str) -> Response:
    """Show how a source would understand a payload."""
    tenant_id, data = _sent("read:leads")
    source_id, asked = checked_source(source_id), loaded(source_schema.Sample(), data)
    shown = source_change.one(web.database(), gate(), tenant_id, source_id)
    return _tried(asked, shown.stored.source)


@blueprint.record_once
def begin(state: BlueprintSetupState) -> None:
    """Let the app know its sources, also while its database is away."""
    app, context = state.app, state.app.extensions[EXTENSION]
    if context.keyring is None:  # an app without an installation has nothing sealed either
        return
    folder, mode = context.settings.spool_folder, context.settings.mode
    known = Sources(context.database, Gate(mode, context.keyring), folder)
    app.extensions[SOURCES] = known
    known.copy.start()


def _tried(asked: Mapping[str, Any], source: Source | None) -> Response:
    own = {name: getattr(source, name) for name in SETTINGS} if source else {}
    given = {name: value for name, value in asked.items() if value is not None}
    settings = {"adapter": None, "field_map": {}} | own | given
    post = trying.sample(asked["sample"], asked.get("content_type"))
    shown = trying.tried(post, settings["adapter"], settings["field_map"])
    return web.reply({"success": True, **shown})


def _sent(scope: str = SCOPE) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, scope)
    data = web.body()
    return account(scope, data), data
