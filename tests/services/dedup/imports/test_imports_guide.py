"""The guide's commands, in its order, are answered as it says."""

import json
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

from services.dedup.imports import answer_schema, schema
from tests.services.dedup.imports.test_import_engine import databases, engine  # noqa: F401

GUIDE = (Path(__file__).resolve().parents[4] / "docs/imports.md").read_text(encoding="utf-8")

TABLE = "E-Mail,Opt-in,Remarks\nann@corp.example,yes,=1+1\nnobody,yes,none\n"

WORKED_ON = {"/preview", "/confirm", "/undo"}
"""Ends of addresses whose work the worker does."""


def requests():
    """Yield method, address and JSON of every command; the body is None where a file is sent."""
    for block in re.findall(r"```sh\n(curl.*?)```", GUIDE, flags=re.DOTALL):
        words = shlex.split(block.replace("\\\n", " "))
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        url = urlsplit(next(word for word in words if word.startswith("http")))
        body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
        yield method, f"{url.path}?{url.query}".rstrip("?"), body, "--data-binary" in words


def test_the_guide_leads_from_a_file_to_leads_and_back(client, engine, user_id):  # noqa: F811
    import_id, seen = None, []
    for method, path, body, is_file in requests():
        path = path.replace("$IMPORT", str(import_id)).replace("acme", user_id)
        sent = {"data": TABLE, "content_type": "text/csv"} if is_file else {}
        if body is not None:
            sent = {"json": body | {"user_id": user_id}}
        answer = client.open(path, method=method, **sent)
        assert answer.status_code in (200, 201, 202), (path, answer.text)
        job = answer.json.get("import", {})
        import_id = job.get("id", import_id)
        seen.append(job.get("status"))
        if path.partition("?")[0].endswith(tuple(WORKED_ON)):
            engine.run(engine.job(import_id).id)

    ended = client.get(f"/api/v1/lead-discovery/imports/{import_id}?user_id={user_id}").json
    assert seen == [
        *("uploaded", "uploaded", "previewing", "previewed", None, "importing", "undoing")
    ]
    assert (ended["import"]["status"], ended["import"]["undone"]) == ("undone", 1)


def test_every_option_and_outcome_is_in_the_guide():
    said = set(re.findall(r"`(\w+)`", GUIDE))

    assert {*schema.FileImportQuery().fields} - said == set()
    assert {*answer_schema.RowCounts().fields} - said - {"rows"} == set()
