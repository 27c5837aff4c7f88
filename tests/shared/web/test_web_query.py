import pytest


@pytest.mark.parametrize(
    ("query", "details"),
    [
        ("user_id=%ff", {"user_id": "is not UTF-8"}),
        ("user_id=M%FCller", {"user_id": "is not UTF-8"}),
        ("user_id=a&city=%e4", {"city": "is not UTF-8"}),
        ("user_id=a&%ff=b", {"field 2": "is not UTF-8"}),
    ],
)
def test_a_query_that_is_not_utf8_is_refused_by_parameter(client, query, details):
    answer = client.get(f"/asked?{query}")

    assert answer.status_code == 400
    assert answer.json["error"]["details"] == details


def test_a_query_in_utf8_is_read(client):
    assert client.get("/asked?user_id=M%C3%BCller&city=%ef%bf%bd").json["tenant"] == "Müller"


@pytest.mark.parametrize("name", ["%20", "%20%09", "%C2%A0", "%E3%80%80"])
def test_a_blank_account_is_none(client, name):
    answer = client.get(f"/asked?user_id={name}")

    assert answer.status_code == 400
    assert set(answer.json["error"]["details"]) == {"user_id"}


def test_a_blank_account_in_a_body_is_none(client):
    assert client.post("/leads", json={"user_id": "  "}).status_code == 400
