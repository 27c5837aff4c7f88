"""The route answers every text with a typed answer, and keeps nothing that is nobody's."""

import json

import pytest

from services.signals import detecting
from services.signals.detecting import ContentWaits, Desk
from services.signals.kinds import KINDS
from services.signals.model import shipped
from services.signals.reading import Asked
from shared.pages.faults import PageUnavailable
from tests.services.signals.wanting import PATH, RATES, Asking

GROUPS = [kind.group for kind in KINDS.values()]


@pytest.fixture
def asking(app, user_id):
    return Asking(app, user_id)


def test_a_text_is_answered_with_every_field(asking):
    answer = asking.detect(content="We sell bread.")

    assert answer.keys() >= {
        *("success", "signals", "suppressed", "signal_strength", "intent_score"),
        *("needs_identified", "language", "language_supported", "individual", "truncated"),
        *("text", "page", "detection_id", "ignored_behaviour", "processing_time_ms"),
        *("timestamp", "request_id", *GROUPS),
    }
    assert answer["detection_id"] is None


def test_behaviour_alone_is_enough(asking):
    answer = asking.detect(metadata={"behavior": RATES})

    (found,) = answer["loan_signals"]
    assert found["source"] == "behavioral_analysis"
    assert found["span"] is None
    assert answer["needs_identified"] == ["business_loan"]
    assert answer["signal_strength"] > 0


def test_events_that_cannot_be_read_are_named(asking):
    answer = asking.detect(metadata={"behavior": [RATES[0], 5, {"type": "no such thing"}]})

    assert [ignored["position"] for ignored in answer["ignored_behaviour"]] == [1, 2]


def test_html_that_nothing_is_free_to_read_is_to_be_sent_again(database, gate, user_id):
    def busy(html):
        raise PageUnavailable(retry_seconds=5)

    desk = Desk(database, gate, page=busy, text_of=busy, model=shipped())

    with pytest.raises(ContentWaits) as told:
        detecting.found(desk, user_id, Asked(content="<p>We sell bread."))

    assert told.value.details == {"content": "cannot be read just now", "retry_after_seconds": 5}


def test_html_is_read_as_what_it_says(asking):
    answer = asking.detect(content="<p>We sell <b>bread</b>.</p><script>need_a_loan()</script>")

    assert "<" not in answer["text"]
    assert "need_a_loan" not in answer["text"]


def test_what_stands_between_angle_brackets_of_a_mail_is_text(asking):
    assert asking.detect(content="Ada <ada@corp.example> wrote: 1 < 2")["text"] is None


def test_a_long_text_is_read_in_part_and_says_so(asking):
    assert asking.detect(content="word " * 30_000)["truncated"] is True
    assert asking.detect(content="word " * 2_000)["truncated"] is False


def test_without_content_the_texts_of_a_form_are_read(asking):
    answer = asking.detect(metadata={"form": {"subject": "Oven", "size": 3, "message": "Help!"}})

    assert answer["text"] == "Oven\nHelp!"


def test_without_anything_else_the_message_of_the_lead_is_read(asking):
    answer = asking.detect(lead_data={"email": "ada@corp.example", "message": "Good morning."})

    assert answer["text"] == "Good morning."


def test_a_lead_that_wrote_nothing_says_nothing(asking):
    answer = asking.detect(lead_data={"email": "ada@corp.example"})

    assert (answer["signals"], answer["language"]) == ([], "und")


# Bad input ---------------------------------------------------------------------------------------

STRANGE = {
    "empty": "",
    "white": " \n\t ",
    "a megabyte": "a" * 1_000_000,
    "a megabyte of brackets": "<" * 1_000_000,
    "right to left": "\u202eשלום עולם أهلا وسهلا",
    "emoji": "🚀🚀👩‍👩‍👧‍👦" * 100,
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f",
    "private use and noncharacters": "\ue000\ufffe\uffff\U0010ffff",
    "combining": "e" + "\u0301" * 5000,
    "zero width": "lo\u200ban\u2060 ne\u00aded",
    "no spaces": "Darlehen" * 10_000,
    "binary as latin-1": bytes(range(1, 256)).decode("latin-1") * 100,
    "mixed scripts": "We need ένα δάνειο для бизнеса 融資 сейчас",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_texts_are_answered(asking, name):
    answer = asking.detect(content=STRANGE[name])

    assert answer["success"] is True
    for found in answer["signals"]:
        span = found["span"]
        assert (answer["text"] or STRANGE[name])[span["start"] : span["end"]] == found["content"]


def test_html_that_nests_without_end_is_refused_by_name(asking):
    error = asking.detect(422, content="<div>" * 50_000 + "We need a loan.")["error"]

    assert error["details"] == {"content": "is HTML that cannot be read"}


def refused(client, user_id, **body):
    answer = client.post(PATH, json={"user_id": user_id} | body)
    assert answer.status_code == 400, answer.text
    return answer.json["error"]["details"]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("content", {}),
        ("content", {"content": None, "url": ""}),
        ("content", {"content": 5}),
        ("content", {"content": ["x"]}),
        ("content", {"content": {"a": 1}}),
        ("content", {"content": True}),
        ("content", {"content": "x" * 1_000_001}),
        ("url", {"url": 5}),
        ("url", {"url": "http://a.example/" + "x" * 3000}),
        ("metadata", {"content": "x", "metadata": []}),
        ("metadata", {"content": "x", "metadata": "x"}),
        ("metadata.behavior", {"metadata": {"behavior": "x"}}),
        ("metadata.behavior", {"metadata": {"behavior": {"type": "click"}}}),
        ("metadata.behavior", {"metadata": {"behavior": [{}] * 1001}}),
        ("metadata.form", {"metadata": {"form": [1]}}),
        ("lead_id", {"content": "x", "lead_id": "x"}),
        ("lead_id", {"content": "x", "lead_id": 5}),
        ("lead_data", {"lead_data": "x"}),
        ("lead_data.message", {"lead_data": {"message": 5}}),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(client, user_id, field, body):
    assert field in refused(client, user_id, **body)


def test_an_account_is_a_text(client):
    assert "user_id" in refused(client, 5, content="x")


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\udc00x"])
def test_nul_and_half_characters_are_refused_by_name(client, escape):
    answer = client.post(PATH, data=f'{{"content": "x{escape}"}}', content_type="application/json")

    assert answer.status_code == 400
    assert "content" in answer.json["error"]["details"]


def test_deep_json_is_refused(client):
    deep = "[" * 10_000 + "]" * 10_000
    body = f'{{"metadata": {{"form": {{"a": {deep}}}}}}}'
    answer = client.post(PATH, data=body, content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"null", b"[]", b'"x"', b"{"])
def test_a_body_that_is_no_object_is_refused(client, body):
    assert client.post(PATH, data=body, content_type="application/json").status_code == 400


# Batches -----------------------------------------------------------------------------------------


def batch(asking, items, expect=200):
    return asking.detect(expect, f"{PATH}/batch", items=items)


def test_a_batch_is_answered_in_order_with_its_names(asking):
    answer = batch(asking, [{"id": "a", "content": "One."}, {"id": 7, "content": "Two."}])

    assert [one["id"] for one in answer["results"]] == ["a", 7]
    assert all(one["success"] for one in answer["results"])


@pytest.mark.parametrize(
    ("field", "item"),
    [
        ("item", 5),
        ("item", None),
        ("content", {"id": "x"}),
        ("content", {"content": 5}),
        ("id", {"id": ["x"], "content": "x"}),
        ("id", {"id": "x" * 256, "content": "x"}),
        ("metadata", {"content": "x", "metadata": 5}),
        ("lead_id", {"content": "x", "lead_id": "none"}),
        ("user_id", {"content": "x", "user_id": "somebody-else"}),
    ],
)
def test_a_faulty_item_costs_the_others_nothing(asking, field, item):
    first, faulty, last = batch(asking, [{"content": "x"}, item, {"content": "y"}])["results"]

    assert (first["success"], last["success"]) == (True, True)
    assert faulty["success"] is False
    assert field in faulty["error"]["details"]


def test_an_item_with_half_a_character_costs_the_others_nothing(client, user_id):
    body = json.dumps({"user_id": user_id, "items": [{"content": "x"}, {"content": "\ud800"}]})

    answer = client.post(f"{PATH}/batch", data=body, content_type="application/json")

    assert [one["success"] for one in answer.json["results"]] == [True, False]


def test_a_thousand_items_are_answered_and_one_more_is_refused(asking):
    items = [{"id": n, "content": "We sell bread."} for n in range(1001)]

    assert len(batch(asking, items[:1000])["results"]) == 1000
    batch(asking, items, expect=400)
    batch(asking, [], expect=400)
    batch(asking, "x", expect=400)


def test_the_service_says_how_it_is(client):
    answer = client.get(f"{PATH}/health")

    assert (answer.status_code, answer.json["service"]) == (200, "signals")
