"""Secrets of a source stay with the host that they are meant for."""

import pytest

from tests.services.discovery.test_discovery_http import worker

__all__ = ["worker"]

SETTINGS = {
    "url": "https://api.register.example/v1/companies",
    "headers": {"Authorization": "Bearer key-of-the-register"},
    "items": "companies",
    "key": "id",
    "fields": {"email": "mail"},
}

HIDDEN = "•••"


@pytest.fixture
def place(mine):
    made = mine.post("/discovery-sources", 201, name="Register", type="json_api", settings=SETTINGS)
    return f"/discovery-sources/{made.json['source']['id']}"


def changed(mine, place, expect, **settings):
    answer = mine.client.put(
        f"/api/v1/lead-discovery{place}",
        json={"user_id": mine.user_id, "settings": SETTINGS | settings},
    )
    assert answer.status_code == expect, answer.text
    return answer.json


@pytest.mark.parametrize(
    "url",
    [
        "https://listener.example/v1/companies",
        "https://api.register.example:8443/v1/companies",
        "https://api.register.example.listener.example/",
        "http://api.register.example/v1/companies",
    ],
)
def test_a_hidden_secret_does_not_go_to_another_host(mine, place, url):
    said = changed(mine, place, 400, url=url, headers=HIDDEN)

    assert said["error"]["details"] == {
        "settings.headers": "must be sent again: the address is on another site"
    }


@pytest.mark.parametrize("url", [HIDDEN, "https://api.register.example/v2/companies"])
def test_a_hidden_secret_stays_on_its_own_host(mine, place, url):
    changed(mine, place, 200, url=url, headers=HIDDEN)


def test_a_secret_that_is_sent_again_may_go_to_another_host(mine, place):
    changed(mine, place, 200, url="https://other.example/", headers={"X-Key": "another"})


def test_an_item_of_a_batch_that_is_null_answers_for_itself(mine, worker):
    good = {"investigation_id": mine.investigation(), "sources": ["own_leads"]}

    answer = mine.client.post(
        "/webhook/leadfly/lead-discovery/batch",
        json={"user_id": mine.user_id, "items": [None, good]},
    )

    assert [one["success"] for one in answer.json["results"]] == [False, True], answer.text
