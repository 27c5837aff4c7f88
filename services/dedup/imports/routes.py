"""HTTP of imports: load, call, reply."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.http import parse_options_header

from services.dedup.imports import answer, asking, job_store, looking, row_cells, uploading
from services.dedup.imports.job import WORKING, Import, Options
from services.dedup.imports.looking import Look
from services.dedup.imports.openapi import (
    ALSO_CALLED,
    CANCEL,
    COLUMNS,
    CONFIRM,
    CSV,
    ERASE,
    ONE,
    PATH,
    PREVIEW,
    READ,
    ROWS,
    ROWS_FILE,
    UNDO,
    WRITE,
    XLSM,
    XLSX,
)
from services.dedup.imports.schema import (
    FileImportAsked,
    FileImportChange,
    FileImportConfirm,
    FileImportPage,
    FileImportPlace,
    FileImportQuery,
    FileImportRowsFile,
    FileImportRowsPage,
    FileImportUndo,
)
from shared import web
from shared.investigations import investigations
from shared.validation import loaded
from shared.web.account import NO_BODY, account
from shared.web.service import gate
from shared.web.upload import chunks

SOURCE = "import"
"""The source of leads where nobody names one."""

blueprint = Blueprint("imports", __name__)


@blueprint.post(PATH)
def send() -> Response:
    """Take a file in."""
    tenant_id, asked = account(WRITE), web.query(_SENDING)
    _check_investigation(tenant_id, asked)
    charset = parse_options_header(request.headers.get("Content-Type", ""))[1].get("charset")
    encoding = asked.pop("encoding", None) or charset
    name = asked.pop("name", None)
    options = Options(**{**_unsaid(), **_said(asked)}, encoding=encoding)
    file = chunks(
        [CSV, XLSX, XLSM.lower(), *ALSO_CALLED], web.settings().import_max_bytes, charsets=None
    )
    job, look = uploading.take(
        web.database(), gate(), tenant_id, (options, name), file, web.acting(), _now()
    )
    return web.created(answer.one(job, _now(), name, **answer.looked(look)))


@blueprint.get(PATH)
def many() -> Response:
    """Answer a page of imports, the latest first."""
    tenant_id, asked = account(READ), web.query(_PAGE)
    found, following, turn = asking.page(web.database(), tenant_id, asked["after"], asked["limit"])
    names = _names(tenant_id, [job.id for job in found])
    waits = [job.status in WORKING and job.id != turn for job in found]
    shown = [
        answer.shown(job, _now(), names.get(job.id), waiting)
        for job, waiting in zip(found, waits, strict=True)
    ]
    return web.reply(
        {"success": True, "count": len(shown), "imports": shown, "next_after": following}
    )


@blueprint.get(ONE)
def one(import_id: str) -> Response:
    """Answer how far an import is."""
    tenant_id, wanted = account(READ), _id(import_id)
    job, waiting = asking.found(web.database(), tenant_id, wanted)
    return _shown(job, waiting=waiting)


@blueprint.get(COLUMNS)
def columns(import_id: str) -> Response:
    """Answer what the columns of a file are taken for."""
    tenant_id, wanted = account(READ), _id(import_id)
    job, waiting = asking.found(web.database(), tenant_id, wanted)
    return _shown(job, looking.look(web.database(), gate(), tenant_id, job), waiting)


@blueprint.put(ONE)
def change(import_id: str) -> Response:
    """Have a file read otherwise."""
    tenant_id, data = _sent(WRITE)
    wanted, said = _id(import_id), loaded(_CHANGE, data)
    said.pop("user_id", None)
    _check_investigation(tenant_id, said)
    job, look = asking.change(web.database(), gate(), tenant_id, wanted, _said(said), _now())
    return _shown(job, look)


@blueprint.post(PREVIEW)
def preview(import_id: str) -> tuple[Response, int]:
    """Have it found out what each row would do."""
    tenant_id, data = _sent(WRITE)
    wanted, _ = _id(import_id), loaded(_ASKED, data)
    return _shown(asking.preview(web.database(), gate(), tenant_id, wanted, _now())), 202


@blueprint.get(ROWS)
def rows(import_id: str) -> Response:
    """Answer a page of an import's rows."""
    tenant_id, asked, wanted = account(READ), web.query(_ROWS), _id(import_id)
    header, found, following = row_cells.page(web.database(), gate(), tenant_id, wanted, asked)
    return web.reply(answer.rows(header, found, following))


@blueprint.get(ROWS_FILE)
def rows_file(import_id: str) -> Response:
    """Answer rows of one outcome as a CSV file, while they are read."""
    tenant_id, asked, wanted = account(READ), web.query(_FILE), _id(import_id)
    parts = row_cells.file(
        web.database(), gate(), tenant_id, wanted, asked["outcome"], asked["bom"]
    )
    response = Response(parts, content_type=f"{CSV}; charset=utf-8; header=present")
    name = f"import-{asked['outcome']}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post(CONFIRM)
def confirm(import_id: str) -> tuple[Response, int]:
    """Have leads made of the rows."""
    tenant_id, data = _sent(WRITE)
    wanted, said = _id(import_id), loaded(_CONFIRM, data)
    job = asking.confirm(web.database(), gate(), tenant_id, wanted, said["counts"], _now())
    return _shown(job), 202


@blueprint.post(CANCEL)
def cancel(import_id: str) -> Response:
    """Let an import go no further."""
    tenant_id, data = _sent(WRITE)
    wanted, _ = _id(import_id), loaded(_ASKED, data)
    job, changed = asking.cancel(web.database(), gate(), tenant_id, wanted, _now())
    return web.reply(answer.one(job, _now(), _name(job), changed=changed))


@blueprint.post(UNDO)
def undo(import_id: str) -> tuple[Response, int]:
    """Have the leads go that an import made."""
    tenant_id, data = _sent(ERASE)
    wanted, said = _id(import_id), loaded(_UNDO, data)
    web.caller(tenant_id, WRITE)
    including = said["including_changed"]
    job = asking.undo(web.database(), gate(), tenant_id, wanted, including, _now())
    return _shown(job), 202


def _shown(job: Import, look: Look | None = None, waiting: bool = False) -> Response:
    more = answer.looked(look) if look else {}
    return web.reply(answer.one(job, _now(), _name(job), waiting, **more))


def _names(tenant_id: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    with web.database().transaction(tenant_id) as conn:
        return job_store.names(conn, gate(), tenant_id, ids)


def _name(job: Import) -> str | None:
    return _names(job.tenant_id, [job.id]).get(job.id)


def _check_investigation(tenant_id: str, said: Mapping[str, Any]) -> None:
    if said.get("investigation_id"):
        investigations().check_open(tenant_id, said["investigation_id"])


def _unsaid() -> dict[str, Any]:
    return {"source_id": SOURCE, "country": web.settings().default_country}


def _said(asked: Mapping[str, Any]) -> dict[str, Any]:
    country = asked.get("country")
    return {**asked, "country": country.upper()} if country else dict(asked)


def _sent(scope: str) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one."""
    web.caller(None, scope)
    data = web.body() if request.content_length else NO_BODY
    return account(scope, data), data


def _id(text: str) -> UUID:
    return cast(UUID, loaded(_PLACE, {"import_id": text})["import_id"])


def _now() -> datetime:
    return datetime.now(UTC)


_SENDING, _PAGE, _PLACE = FileImportQuery(), FileImportPage(), FileImportPlace()
_CHANGE, _ASKED, _CONFIRM, _UNDO = (
    FileImportChange(),
    FileImportAsked(),
    FileImportConfirm(),
    FileImportUndo(),
)
_ROWS, _FILE = FileImportRowsPage(), FileImportRowsFile()
