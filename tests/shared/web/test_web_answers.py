import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Blueprint, abort, jsonify

from shared import errors, web
from shared.settings import load
from shared.web.errors import status_of

STATUSES = {
    "Malformed": 400,
    "Unauthenticated": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "Conflict": 409,
    "TooLarge": 413,
    "UnsupportedMediaType": 415,
    "Meaningless": 422,
    "TooManyRequests": 429,
    "Unavailable": 503,
    "ServiceError": 500,
    "SettingsError": 500,
}


def is_envelope(answer):
    assert answer.content_type == "application/json"
    assert set(answer.json) == {"success", "error", "request_id", "timestamp"}
    assert answer.json["success"] is False
    assert set(answer.json["error"]) == {"code", "message", "details"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answer.json["timestamp"])
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    return True


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_each_error_has_its_status_and_the_envelope(client, kind, status):
    answer = client.post(f"/fails/{kind}")

    assert answer.status_code == status
    assert is_envelope(answer)


def test_every_error_of_the_family_was_given_a_thought():
    family = {kind.__name__ for kind in vars(errors).values() if is_error(kind)}

    assert family == set(STATUSES)


def is_error(kind):
    return isinstance(kind, type) and issubclass(kind, errors.ServiceError)


def test_an_heir_answers_as_its_ancestor():
    class Odd(errors.Conflict):
        """Odd."""

    assert status_of(Odd()) == 409


@pytest.mark.parametrize(("kind", "header"), [("TooManyRequests", "1"), ("Unavailable", "1")])
def test_who_should_come_back_is_told_when(client, kind, header):
    assert client.post(f"/fails/{kind}").headers["Retry-After"] == header


def test_an_unexpected_error_says_nothing_of_itself(client):
    answer = client.post("/fails/badly", data="canary")

    assert answer.status_code == 500
    assert is_envelope(answer)
    assert answer.json["error"]["code"] == "SERVICE_UNAVAILABLE"
    assert "canary" not in answer.text


def test_what_is_not_there_is_a_404(client):
    answer = client.get("/nowhere/<script>")

    assert answer.status_code == 404
    assert is_envelope(answer)
    assert "script" not in answer.text


def test_the_wrong_method_is_told_the_right_ones(client):
    answer = client.get("/echo")

    assert answer.status_code == 405
    assert is_envelope(answer)
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("status", [400, 408, 410, 414, 418, 429, 431, 500, 502, 503])
def test_what_flask_aborts_with_is_an_envelope_too(database_stand_in, status):
    routes = Blueprint("aborting", __name__)
    routes.get("/abort")(lambda: abort(status))
    client = web.app("aborting", [routes], load({}), database_stand_in).test_client()

    answer = client.get("/abort")

    assert answer.status_code == (500 if status == 502 else status)
    assert is_envelope(answer)


def test_a_slash_more_is_no_redirect(client):
    assert client.post("/echo/", json={}).status_code == 200


def test_head_has_headers_and_no_content(client):
    answer = client.head("/items/1")

    assert answer.status_code == 200
    assert answer.data == b""


def test_options_name_the_methods_and_allow_no_other_site(client):
    answer = client.options("/echo")

    assert answer.status_code == 200
    assert "POST" in answer.headers["Allow"]
    assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118


@pytest.mark.parametrize("path", ["/items/1", "/nowhere", "/healthz"])
def test_every_answer_carries_the_careful_headers(client, path):
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("sent", ["a", "n8n-run_42.7", "x" * 128])
def test_a_harmless_request_id_comes_back(client, sent):
    assert client.get("/items/1", headers={"X-Request-ID": sent}).json["request_id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 129, "a b", "a\xe9", "<script>", "jane@example.org"])
def test_another_request_id_is_replaced(client, sent):
    answer = client.get("/items/1", headers={"X-Request-ID": sent})

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_two_requests_have_two_ids(client):
    one, other = (client.get("/items/1").json["request_id"] for _ in range(2))

    assert one != other


@dataclass
class Thing:
    when: datetime


def test_json_says_times_ids_and_things(make_app):
    content = {
        "id": UUID(int=1),
        "thing": Thing(datetime(2026, 1, 2, tzinfo=UTC)),
        "price": Decimal("1.5"),
        "set": frozenset({"b", "a"}),
    }
    with make_app().test_request_context():
        answer = jsonify(content)

    assert answer.json == {
        "id": "00000000-0000-0000-0000-000000000001",
        "thing": {"when": "2026-01-02T00:00:00Z"},
        "price": 1.5,
        "set": ["a", "b"],
    }
