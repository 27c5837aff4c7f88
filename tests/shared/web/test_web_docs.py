"""The page of the API description: complete, harmless, and without anything from elsewhere."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from marshmallow import fields

from shared.fields import Either, Form, Moment, Text
from shared.web import docs_page
from shared.web.openapi import description, openapi_path
from shared.web.operation import JSON, Example, Operation

HOSTILE = "<script>alert(1)</script> & `</code>`"


class Inner(Form):
    """What is inside."""

    when = Moment("When.")


class Outer(Form):
    """What is outside."""

    name = Text(HOSTILE, examples=["a<b"])
    inner = fields.Nested(Inner, allow_none=True)
    inners = fields.List(fields.Nested(Inner), required=True)
    some = Either((Inner,), "One of them.")


OPERATION = Operation(
    "POST",
    "/things/<uuid:thing_id>",
    HOSTILE,
    HOSTILE,
    Outer,
    tag="t",
    body={JSON: (Outer,)},
    examples=(Example("one", HOSTILE, {"name": HOSTILE}),),
    refusals=(400,),
    scope="write:leads",
)


@pytest.fixture(scope="module")
def document():
    return description("example", [OPERATION], keys_needed=True)


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_what_a_description_says_is_text_and_never_markup(document):
    page = docs_page.page(document)

    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_fields_are_named_by_their_path(document):
    paths = [row.path for row in docs_page.rows(document, {"$ref": "#/components/schemas/Outer"})]

    assert paths == [
        "name",
        "inner",
        "inner.when",
        "inners[]",
        "inners[].when",
        "some",
        "some.when",
    ]


def test_a_placeholder_is_written_as_openapi_has_it():
    assert openapi_path("/leads/<uuid:lead_id>/x/<n>") == "/leads/{lead_id}/x/{n}"


def test_the_page_may_use_its_own_style_and_nothing_else(client):
    answer = client.get("/docs")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    policy = answer.headers["Content-Security-Policy"]

    assert answer.mimetype == "text/html"
    assert policy.startswith("default-src 'none'")
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_the_page_loads_nothing_and_runs_nothing(client):
    elements = Elements(client.get("/docs").text).found

    assert not {tag for tag, _ in elements} & {"script", "img", "iframe", "object", "form"}
    for tag, attributes in elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes
        if tag == "link":
            assert attributes["href"] == "data:,"
        if tag == "a":
            assert re.match(r"#|openapi\.json$", attributes["href"])


def test_every_link_on_the_page_has_its_goal(client):
    elements = Elements(client.get("/docs").text).found
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]

    assert len(ids) == len(set(ids))
    for _, attributes in elements:
        goal = attributes.get("href", "")
        assert not goal.startswith("#") or goal[1:] in ids


def test_headings_do_not_skip_a_level(client):
    levels = [
        int(tag[1])
        for tag, _ in Elements(client.get("/docs").text).found
        if tag[0] == "h" and tag[1:].isdigit()
    ]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_in_local_mode_the_description_is_for_this_machine(client, path):
    assert client.get(path, headers={"Host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_with_keys_the_description_is_for_everyone(keys_client, path):
    assert keys_client.get(path, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200
