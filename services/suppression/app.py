"""HTTP of suppression lists: load, call, reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, Response

from services.suppression import answer, asking, entering, keeping, openapi
from services.suppression.column import Reading
from services.suppression.identity import identity
from services.suppression.office import desk
from services.suppression.openapi import CSV, ENTER, KEEP, OPERATIONS, READ
from services.suppression.people import people
from services.suppression.schema import (
    Entries,
    ImportQuery,
    ListChanged,
    ListPage,
    ListPlace,
    NewList,
    Question,
    UniqueQuestion,
)
from shared import web
from shared.settings import Settings
from shared.validation import loaded
from shared.web.account import account
from shared.web.service import assembled
from shared.web.upload import chunks

MOST_BYTES = 128 * 1024**2
"""A million rows of an address and a SHA-256."""

blueprint = Blueprint("suppression", __name__)


@blueprint.post(openapi.LISTS)
def keep() -> Response:
    """Keep a list."""
    tenant_id, data = _sent(KEEP)
    kept = keeping.add(desk(), tenant_id, loaded(_NEW, data), web.acting(), _now())
    return web.created(answer.one(kept))


@blueprint.get(openapi.LISTS)
def many() -> Response:
    """Answer a page of lists, oldest first."""
    tenant_id, asked = account(READ), web.query(_PAGE)
    found, following = keeping.page(desk(), tenant_id, asked["after"], asked["limit"])
    shown = [answer.one(roll)["list"] for roll in found]
    return web.reply(
        {"success": True, "count": len(shown), "lists": shown, "next_after": following}
    )


@blueprint.get(openapi.ONE)
def one(list_id: str) -> Response:
    """Answer one list and its size."""
    tenant_id, wanted = account(READ), _id(list_id)
    known = keeping.one(desk(), tenant_id, wanted)
    return web.reply(answer.one(known) | {"entries": keeping.size(desk(), tenant_id, wanted)})


@blueprint.put(openapi.ONE)
def change(list_id: str) -> Response:
    """Change a list."""
    tenant_id, data = _sent(KEEP)
    wanted, said = _id(list_id), loaded(_CHANGED, data)
    changed = keeping.change(desk(), tenant_id, wanted, said, web.acting(), _now())
    return web.reply(answer.one(changed))


@blueprint.delete(openapi.ONE)
def delete(list_id: str) -> Response:
    """Delete a list."""
    tenant_id, wanted = account(KEEP), _id(list_id)
    deleted = keeping.delete(desk(), tenant_id, wanted, web.acting(), _now())
    return web.reply(answer.one(deleted))


@blueprint.post(openapi.ENTRIES)
def enter(list_id: str) -> Response:
    """Put people on a list."""
    tenant_id, data = _sent(ENTER)
    wanted, entries = _id(list_id), loaded(_ENTRIES, data)["entries"]
    named = people(entries, desk().country)
    return web.reply(answer.added(entering.add(desk(), tenant_id, wanted, named, _now())))


@blueprint.post(openapi.REMOVE)
def remove(list_id: str) -> Response:
    """Take people off a list."""
    tenant_id, data = _sent(KEEP)
    wanted, entries = _id(list_id), loaded(_ENTRIES, data)["entries"]
    removed = entering.remove(desk(), tenant_id, wanted, people(entries, desk().country))
    return web.reply({"success": True, "removed": removed})


@blueprint.post(openapi.FILE)
def take_file(list_id: str) -> Response:
    """Import a list."""
    tenant_id, asked, wanted = account(ENTER), web.query(_IMPORT), _id(list_id)
    keeping.one(desk(), tenant_id, wanted)  # before a file is read for nothing
    reading = Reading(asked.get("country", desk().country), asked.get("hash"))
    sheet = entering.read(desk(), tenant_id, chunks([CSV], MOST_BYTES), reading)
    entered = entering.enter(desk(), tenant_id, wanted, sheet, asked["skip_faulty"], _now())
    return web.reply(answer.imported(entered, sheet))


@blueprint.post(openapi.QUERY)
def query() -> Response:
    """Say which lists name somebody."""
    tenant_id, data = _sent(READ)
    asked = loaded(_QUESTION, data)
    person = identity(asked, desk().country)
    hits = asking.naming(
        desk(), tenant_id, person, _now(), asked.get("lists"), asked.get("source_id")
    )
    return web.reply(answer.found(hits))


@blueprint.post(openapi.UNIQUE)
def unique() -> Response:
    """Say whether somebody is new to a list, and put them on it."""
    tenant_id, data = _sent(ENTER)
    asked = loaded(_UNIQUE, data)
    person = identity(asked, desk().country)
    result = entering.unique(desk(), tenant_id, asked["list_id"], person, _now())
    return web.reply(answer.unique(result))


def create_app(settings: Settings | None = None) -> Flask:
    """Return suppression lists as an app of their own."""
    return assembled("suppression", [blueprint], OPERATIONS, settings)


def _sent(scope: str) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, scope)
    data = web.body()
    return account(scope, data), data


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"list_id": text})["list_id"])


def _now() -> datetime:
    return datetime.now(UTC)


_NEW, _CHANGED, _PAGE, _PLACE = NewList(), ListChanged(), ListPage(), ListPlace()
_ENTRIES, _QUESTION, _UNIQUE, _IMPORT = Entries(), Question(), UniqueQuestion(), ImportQuery()
