"""What docs/matching.md says is what happens."""

import re
from pathlib import Path

from leadfly.__main__ import COMMANDS
from services.matching.catalogue_schema import Described
from services.matching.schema import Lead
from tests.services.matching.account import BAKERY, Matched
from tests.test_docs import curls

GUIDE = (Path(__file__).resolve().parents[3] / "docs/matching.md").read_text(encoding="utf-8")

SAID = set(re.findall(r"`(\w+)`", GUIDE))


def test_its_curl_is_answered_and_every_field_is_explained(app, client, user_id):
    Matched(app, user_id).service()
    ((path, body),) = curls(GUIDE)

    answer = client.post(path, json=body | {"user_id": user_id})

    assert answer.status_code == 200
    (match,) = answer.json["matches"]
    fields = answer.json.keys() | {n for n in match if not n.endswith(("_points", "_score"))}
    assert fields - SAID == set()


def test_every_field_of_a_service_and_of_a_lead_is_explained():
    assert (Described().fields.keys() | Lead().fields.keys()) - SAID - {"consent"} == set()


def test_its_command_and_its_file_exist():
    assert "services" in COMMANDS
    assert (Path(__file__).resolve().parents[3] / "data/sample_services.json").is_file()
    assert BAKERY["location"] in GUIDE
