import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.web import logs

CANARY = "canary-7f3a"


@pytest.fixture
def chatty(client):
    """The client, in a process that logs everything."""
    logs.configure("example", logging.DEBUG)
    return client


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_without_data(client, capsys):
    client.get(f"/items/{CANARY}?email={CANARY}", headers={"X-Request-ID": "r-1"})

    (line,) = lines(capsys)
    assert line.pop("duration_ms") >= 0
    assert line.pop("ts").endswith("Z")
    assert line == {
        "level": "INFO",
        "service": "example",
        "logger": "leadfly.requests",
        "message": "request",
        "request_id": "r-1",
        "method": "GET",
        "route": "/items/<item>",
        "status": 200,
    }


def test_a_tenant_is_logged_as_a_hash_that_stays_the_same(client, capsys):
    for _ in range(2):
        client.post("/leads", json={"user_id": f"{CANARY}@example.org"})

    one, other = lines(capsys)
    assert one["tenant"] == other["tenant"]
    assert len(one["tenant"]) == 12
    assert CANARY not in str(one)


def test_the_hash_of_a_tenant_needs_the_key():
    assert logs.tenant_hash("acme", b"a") != logs.tenant_hash("acme", b"b")


CASES = [
    ("/echo", {"json": {"email": CANARY, CANARY: [CANARY]}}),
    (
        "/echo",
        {"data": f'{{"{CANARY}": "{CANARY}", "{CANARY}": NaN', "content_type": "application/json"},
    ),
    (
        "/echo",
        {
            "data": f'{{"{CANARY}@": "{CANARY}", "{CANARY}@": NaN}}',
            "content_type": "application/json",
        },
    ),
    ("/echo", {"data": f"{CANARY}={CANARY}&{CANARY}=%ff"}),
    ("/echo", {"data": {"cv": (__file__, f"{CANARY}.pdf")}}),
    ("/echo", {"data": CANARY, "content_type": f"text/{CANARY}"}),
    ("/leads", {"json": {"user_id": CANARY + "\n"}}),
    ("/leads", {"json": {}, "headers": {"X-API-Key": CANARY, "Cookie": CANARY}}),
    ("/loaded", {"json": {"lead_data": {"email": [CANARY], CANARY: 1}}}),
    (f"/{CANARY}?{CANARY}={CANARY}", {"json": {}}),
    ("/fails/badly", {"data": CANARY}),
    ("/fails/Unavailable", {"data": CANARY}),
    ("/fails/Forbidden", {"data": CANARY, "headers": {"Host": CANARY, "Origin": CANARY}}),
]


@pytest.mark.parametrize(("path", "sent"), CASES)
def test_nothing_that_was_sent_is_ever_logged(chatty, capsys, path, sent):
    chatty.post(path, **sent)

    said = capsys.readouterr()
    assert said.err
    assert CANARY not in said.err + said.out


def test_an_answer_that_fails_on_its_way_out_logs_no_data(chatty, capsys):
    answer = chatty.get(f"/late/{CANARY}")

    assert answer.status_code == 500
    assert answer.json["success"] is False
    assert CANARY not in answer.text + capsys.readouterr().err


def test_an_unexpected_error_is_logged_by_type_and_place(chatty, capsys):
    chatty.post("/fails/badly", data=CANARY)

    (line,) = (line for line in lines(capsys) if line["message"] == "unexpected error")
    assert line["error"]["type"] == "builtins.ValueError"
    assert line["error"]["causes"] == ["builtins.KeyError"]
    assert line["error"]["frames"][-1].endswith(":fails")
    assert line["request_id"]


def test_of_a_librarys_message_the_template_and_numbers_are_kept(chatty, capsys):
    chatty.post("/fails/badly", data=CANARY)

    (line,) = (line for line in lines(capsys) if line["logger"] == "urllib3.connectionpool")
    assert line["message"] == "sent … in 7 ms"


def test_our_own_message_is_written_in_full(chatty, capsys):
    logging.getLogger("services.dedup").info("merged %d of %s", 3, "lead-1")

    assert lines(capsys)[0]["message"] == "merged 3 of lead-1"


def test_a_message_that_cannot_be_put_together_prints_no_arguments(chatty, capsys):
    logging.getLogger("services.dedup").info("merged %d", CANARY)
    logging.getLogger("urllib3").info("%d", CANARY)
    logging.getLogger("urllib3").info("%s %s", CANARY)

    assert CANARY not in capsys.readouterr().err


def test_setting_up_twice_logs_once(client, capsys):
    logs.configure("example")
    client.get("/items/1")

    assert len(lines(capsys)) == 1


def test_lines_of_many_threads_are_whole(capfd):
    logs.configure("example")
    log, long = logging.getLogger("shared.example"), "a" * 3_000

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.info("%d %s", number, long), range(400)))

    said = [json.loads(line)["message"] for line in capfd.readouterr().err.splitlines()]
    assert sorted(said) == sorted(f"{number} {long}" for number in range(400))
