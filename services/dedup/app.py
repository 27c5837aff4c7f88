"""HTTP of the duplicate check: load, call, reply."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, Response, request

from services.dedup import page_posts, schema
from services.dedup.answer import answer, dry_answer
from services.dedup.batch import results
from services.dedup.check import Answered, Render
from services.dedup.desk import blueprint as desk
from services.dedup.dry_run import dry_run, only
from services.dedup.imports.page_routes import blueprint as imports_page
from services.dedup.imports.routes import blueprint as imports_desk
from services.dedup.intake import understanding
from services.dedup.intake.in_routes import blueprint as intake
from services.dedup.intake.source_routes import blueprint as source_desk
from services.dedup.keeping import keeping
from services.dedup.openapi import OPERATIONS, PATH
from services.dedup.options import Options
from services.dedup.page_posts import acknowledgement
from services.dedup.policy_routes import blueprint as policy_desk
from services.dedup.policy_routes import policies
from services.dedup.preparation import Prepared, prepare
from services.dedup.record import warm
from services.dedup.scan.routes import blueprint as scans
from services.dedup.trade.cap_routes import blueprint as cap_desk
from services.dedup.trade.feedback_routes import blueprint as feedback_desk
from services.dedup.trade.hold_routes import blueprint as hold_desk
from services.dedup.trade.ping_routes import blueprint as pings
from services.dedup.trade.terms_routes import blueprint as terms_desk
from services.dedup.training.model_routes import blueprint as model_desk
from services.dedup.verdict import Submission
from shared import web
from shared.settings import Settings
from shared.web.account import named
from shared.web.service import assembled, gate
from shared.web.visitor import visitor

blueprint = Blueprint("dedup", __name__)
blueprint.register_blueprint(desk)
blueprint.register_blueprint(policy_desk)
blueprint.register_blueprint(terms_desk)
blueprint.register_blueprint(feedback_desk)
blueprint.register_blueprint(cap_desk)
blueprint.register_blueprint(pings)
blueprint.register_blueprint(hold_desk)
blueprint.register_blueprint(source_desk)
blueprint.register_blueprint(intake)
blueprint.register_blueprint(imports_desk)
blueprint.register_blueprint(imports_page)
blueprint.register_blueprint(model_desk)
blueprint.register_blueprint(scans)


@blueprint.post(PATH)
def check_one() -> Response:
    """Check one lead."""
    web.admit(web.EVERYBODY)
    data = web.body()
    tenant_id, options = _admitted(data, web.EVERYBODY)
    if options.dry_run:
        return _rehearsed(data, tenant_id, options)
    submission = _submitted(data)
    later = web.limited(tenant_id, [submission.source_id], keeps=True)
    lead = prepare(gate(), tenant_id, submission, _country())
    (answered,) = keeping().admit(tenant_id, [lead], _render(options, lead), later)
    return _reply(answered, lead)


@blueprint.post(f"{PATH}/check")
def check_dry() -> Response:
    """Say what one lead would be answered, and store nothing."""
    web.admit(web.SERVERS)
    data = web.body()
    return _rehearsed(data, *_admitted(data, dry_run=True))


@blueprint.post(f"{PATH}/batch")
def check_batch() -> Response:
    """Check many leads in the order sent; one item's fault never fails the rest."""
    web.admit(web.SIGNERS)
    data = web.body(apart="leads")
    tenant_id, options = _admitted(data, web.SIGNERS)
    items = schema.batch(data)
    web.limited(tenant_id, schema.sources(items, _source()))
    answers = results(
        keeping(),
        tenant_id,
        items,
        _country(),
        _source(),
        web.fault,
        options,
        web.message_key(),
    )
    return web.reply({"success": True, "results": answers})


@blueprint.get(f"{PATH}/health")
def health() -> tuple[Response, int]:
    """Say whether a lead could be checked now."""
    ok, reason = web.database().ready()
    return web.reply({"success": ok, "service": "dedup", "status": reason}), 200 if ok else 503


def create_app(settings: Settings | None = None) -> Flask:
    """Return the duplicate check as an app of its own."""
    warm()
    understanding.warm()
    return assembled("dedup", [blueprint], OPERATIONS, settings)


def _admitted(
    data: Mapping[str, Any], kinds: tuple[str, ...] = web.SERVERS, dry_run: bool = False
) -> tuple[str, Options]:
    """Return the tenant and the options, once the caller may ask for what they ask."""
    user_id = named(data, kinds)
    # A stranger does not hear what is wrong with the options.
    tenant_id = web.caller(user_id, kinds=kinds)
    options = schema.options(data)
    if dry_run:
        options = replace(options, dry_run=True)
    for scope in options.scopes:
        web.caller(user_id, scope, kinds)
    return tenant_id, options


def _submitted(data: Mapping[str, Any]) -> Submission:
    """Return the lead of a request, by a name that is its sender's own."""
    key, page = request.headers.get("Idempotency-Key"), web.page_key()
    if page is not None and page.source_id is not None:
        believed = page_posts.believed(data, page.source_id)
        lead = schema.submission(believed, visitor(), web.raw_body(), key)
        return page_posts.named(lead, page.prefix)
    lead = schema.submission(data, _visitor(), web.raw_body(), key, _source())
    # A header can be changed on a replay; the id that was signed cannot.
    signed = web.message_key()
    return replace(lead, idempotency_key=signed) if signed else lead


def _rehearsed(data: Mapping[str, Any], tenant_id: str, options: Options) -> Response:
    submission = schema.submission(
        data, _visitor(), default_source=_source(), dry_run=options.dry_run
    )
    web.limited(tenant_id, [submission.source_id])
    lead = prepare(gate(), tenant_id, submission, _country())
    outcome = only(dry_run(web.database(), gate(), tenant_id, [lead], policies()))
    return web.reply(dry_answer(outcome, options.explain))


def _render(options: Options, lead: Prepared) -> Render:
    """Return what writes this request's answer; another request's thread may be the one to do."""
    write = web.writer()
    if web.page_key() is not None:
        return lambda outcome: write(acknowledgement(lead.receipt_id))
    return lambda outcome: write(answer(outcome, options.explain))


def _reply(answered: Answered, lead: Prepared) -> Response:
    if answered.error:
        raise answered.error
    if web.page_key() is not None:  # written anew: a repeated one would tell when it came first
        return web.reply(acknowledgement(lead.receipt_id))
    response = web.as_json(answered.body)
    if answered.outcome is None:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _visitor() -> str | None:
    """Return the visitor's address where the lead's own form posted here directly."""
    return None if web.is_json() else visitor()


def _source() -> str | None:
    """Return what an absent source_id means: only this machine's own callers may leave it out."""
    return "unknown" if web.settings().local else None


def _country() -> str:
    return web.settings().default_country
