"""HTTP of rules: load, call, reply."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response

from services.alerts import rehearsing, rule_answer, ruling
from services.alerts.office import desk
from services.alerts.rule_openapi import (
    FACTS,
    OF_UNSAVED,
    ONE,
    PATH,
    PRECISION,
    READ,
    REHEARSAL,
    SCOPE,
    VERSIONS,
)
from services.alerts.rule_schema import (
    NewRule,
    RehearsalAsked,
    RuleChange,
    RulePage,
    RulePlace,
    RuleVersionPage,
    UnsavedRule,
)
from services.alerts.sent import perhaps_sent, sent
from shared import web
from shared.validation import loaded
from shared.web.account import account

blueprint = Blueprint("rules", __name__)


@blueprint.post(PATH)
def add() -> Response:
    """Make a rule."""
    tenant_id, data = sent(SCOPE)
    added = ruling.add(desk(), tenant_id, loaded(_NEW, data), web.acting())
    return web.created({"success": True, "rule": rule_answer.rule(added)})


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of rules, oldest first."""
    tenant_id, asked = account(READ), web.query(_PAGE)
    found, following = ruling.page(desk(), tenant_id, asked, asked["limit"])
    shown = [rule_answer.rule(one) for one in found]
    return web.reply(
        {"success": True, "count": len(shown), "rules": shown, "next_after": following}
    )


@blueprint.get(ONE)
def one(rule_id: str) -> Response:
    """Answer one rule."""
    tenant_id, wanted = account(READ), _id(rule_id)
    stored = ruling.found(desk(), tenant_id, wanted)
    return web.reply({"success": True, "rule": rule_answer.rule(stored)})


@blueprint.put(ONE)
def change(rule_id: str) -> Response:
    """Change a rule: a new version."""
    tenant_id, data = sent(SCOPE)
    wanted, said = _id(rule_id), loaded(_CHANGE, data)
    stored = ruling.change(desk(), tenant_id, wanted, said, web.acting())
    return web.reply({"success": True, "rule": rule_answer.rule(stored)})


@blueprint.delete(ONE)
def remove(rule_id: str) -> Response:
    """Remove a rule."""
    tenant_id, wanted = account(SCOPE), _id(rule_id)
    ruling.remove(desk(), tenant_id, wanted, web.acting())
    return web.reply({"success": True, "rule_id": wanted})


@blueprint.get(VERSIONS)
def versions(rule_id: str) -> Response:
    """Answer a page of what a rule was, the latest first."""
    tenant_id, wanted, asked = account(READ), _id(rule_id), web.query(_HISTORY)
    found, following = ruling.versions(desk(), tenant_id, wanted, asked["before"], asked["limit"])
    return web.reply(
        {
            "success": True,
            "rule_id": wanted,
            "count": len(found),
            "versions": [rule_answer.version(each) for each in found],
            "next_before": following,
        }
    )


@blueprint.post(REHEARSAL)
def rehearse(rule_id: str) -> Response:
    """Try a stored rule on what happened."""
    tenant_id, data = perhaps_sent(READ)
    wanted, asked = _id(rule_id), loaded(_REHEARSAL, data)
    stored = ruling.found(desk(), tenant_id, wanted)
    found = rehearsing.rehearse(desk(), tenant_id, stored, asked["days"], asked.get("timezone"))
    return web.reply(rule_answer.dry_run(wanted, found))


@blueprint.post(OF_UNSAVED)
def rehearse_unsaved() -> Response:
    """Try a rule that is not stored on what happened."""
    tenant_id, data = sent(READ)
    said = loaded(_UNSAVED, data)
    stored = ruling.unsaved(desk(), tenant_id, said, web.acting())
    found = rehearsing.rehearse(desk(), tenant_id, stored, said["days"], said.get("timezone"))
    return web.reply(rule_answer.dry_run(None, found))


@blueprint.get(PRECISION)
def precision(rule_id: str) -> Response:
    """Answer how many alerts of a rule led to something."""
    tenant_id, wanted = account(READ), _id(rule_id)
    found, suggestion = rehearsing.judged(desk(), tenant_id, wanted)
    return web.reply(rule_answer.precision(wanted, found, suggestion))


@blueprint.get(FACTS)
def facts() -> Response:
    """Answer what rules can look at."""
    account(READ)
    return web.reply(rule_answer.facts())


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"rule_id": text})["rule_id"])


_NEW, _CHANGE, _UNSAVED, _REHEARSAL = NewRule(), RuleChange(), UnsavedRule(), RehearsalAsked()
_PLACE, _PAGE, _HISTORY = RulePlace(), RulePage(), RuleVersionPage()
