"""The page as it is served, and changes for whoever cannot stream."""

import re

from services.alerts.live.page_files import FILES
from services.alerts.words import Words
from tests.services.alerts.live.streams import STREAM, raise_one

PAGE = "/lead-discovery/alerts"

CHANGES = "/api/v1/lead-discovery/alerts/changes"

LOCAL = {"Host": "localhost:8000"}


def test_the_page_may_run_its_own_files_and_nothing_else(client):
    policy = client.get(PAGE, headers=LOCAL).headers["Content-Security-Policy"]

    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "connect-src 'self' http://localhost:8001;" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_a_strange_host_gets_nothing_into_the_policy(keys_client):
    strange = {"Host": "x;script-src *"}

    policy = keys_client.get(PAGE, headers=strange).headers["Content-Security-Policy"]

    assert "connect-src 'self';" in policy
    assert "script-src *" not in policy


def test_every_file_that_the_page_names_is_served_and_no_other(client):
    named = set(re.findall(r'(?:src|href)="/lead-discovery/alerts/([^"]+)"', text("page.html")))
    for name in FILES:
        named |= set(re.findall(r'from "\./([^"]+)"', text(name)))

    assert named == FILES.keys() - {"page.html"}
    for name in FILES:
        assert client.get(f"{PAGE}/{name}").data == FILES[name].content
    for name in ("page.py", "..%2Fhub.py", "page.js%00", "PAGE.JS"):
        assert client.get(f"{PAGE}/{name}").status_code == 404


def text(name):
    return FILES[name].content.decode()


def test_no_text_becomes_markup():
    for name in FILES:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text(name)
        )


def test_the_page_loads_nothing_from_elsewhere():
    for name in FILES:
        assert "//" not in re.sub(r"^\s*//.*$|\s// .*$", "", text(name), flags=re.M)


def test_every_control_has_a_label():
    page = text("page.html")
    controls = set(re.findall(r'<(?:input|select)[^>]* ?id="([^"]+)"', page))

    assert controls == set(re.findall(r'<label for="([^"]+)"', page))


def test_changes_are_told_from_a_cursor_on(client, database, gate, user_id, raised):
    first = client.get(CHANGES, query_string={"user_id": user_id}).json
    assert (first["alerts"], first["complete"]) == ([], False)
    raised("New")

    def since(cursor):
        return client.get(CHANGES, query_string={"user_id": user_id, "since": cursor}).json

    then = since(first["cursor"])
    assert [alert["title"] for alert in then["alerts"]] == ["New"]
    assert then["complete"] is True
    assert since(then["cursor"])["alerts"] == []


def test_what_changes_say_of_an_alert_is_what_the_list_says(client, database, gate, user_id):
    cursor = client.get(CHANGES, query_string={"user_id": user_id}).json["cursor"]
    raise_one(database, gate, user_id, words=Words("One", ""))

    told = client.get(CHANGES, query_string={"user_id": user_id, "since": cursor}).json["alerts"]
    listed = client.get(CHANGES.rpartition("/")[0], query_string={"user_id": user_id}).json

    assert told == listed["alerts"]


def test_who_asks_the_services_for_the_stream_is_sent_there(client, user_id):
    answer = client.get(STREAM, query_string={"user_id": user_id}, headers=LOCAL)

    assert answer.status_code == 307
    assert answer.headers["Location"] == f"http://localhost:8001{STREAM}?user_id={user_id}"


def test_a_stranger_is_not_sent_anywhere(keys_client):
    assert keys_client.get(STREAM, headers=LOCAL).status_code == 401
