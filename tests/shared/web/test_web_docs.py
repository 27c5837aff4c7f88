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

    assert not {tag for tag, _ in elements} & {"script", "img", "iframe", "object"}
    for tag, attributes in elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes
        if tag == "link":
            assert attributes["href"] == "data:,"
        if tag == "a":
            assert re.match(r"#|(openapi\.json|docs)$", attributes["href"])
        if tag == "form":
            assert (attributes["action"], attributes["method"]) == ("docs", "get")


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


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_who_opens_the_bare_address_in_a_browser_is_sent_to_the_page(client):
    answer = client.get("/", headers=BROWSER)

    assert (answer.status_code, answer.headers["Location"]) == (302, "docs")
    assert client.get("/", headers=BROWSER, follow_redirects=True).request.path == "/docs"


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/html;q=0.1, */*"])
def test_a_program_is_told_that_the_bare_address_is_nothing(client, accept):
    answer = client.get("/", headers={"Accept": accept} if accept else {})

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "NOT_FOUND")


def test_in_local_mode_the_bare_address_is_for_this_machine(client):
    assert client.get("/", headers=BROWSER | {"Host": "evil.example"}).status_code == 403


# Groups and the filter ---------------------------------------------------------------------------


def shown(page):
    """Return the ids of the operations on *page*."""
    return [of["id"] for tag, of in Elements(page).found if tag == "article"]


def several():
    said = (("GET", "/leads", "Find leads", "Leads"), ("POST", "/leads", "Store one", "Leads"))
    said += (("GET", "/keys", "List keys", "API keys"),)
    return description(
        "example",
        [Operation(method, path, title, "Text.", Outer, tag) for method, path, title, tag in said],
        keys_needed=True,
    )


def test_operations_stand_in_closed_groups_by_their_tag():
    page = docs_page.page(several())
    found = Elements(page).found

    groups = [of for tag, of in found if tag == "details" and of.get("class") == "group"]
    assert len(groups) == 2 and not any("open" in group for group in groups)
    assert [of["href"] for tag, of in found if tag == "a" and "#group" in of["href"]] == [
        "#group_leads",
        "#group_api_keys",
    ]


@pytest.mark.parametrize(
    ("words", "count"), [("", 3), ("leads", 2), ("POST leads", 1), ("api KEYS", 1), ("no such", 0)]
)
def test_the_filter_leaves_the_operations_that_have_all_its_words(words, count):
    assert len(shown(docs_page.page(several(), words))) == count


def test_the_filter_finds_the_name_of_a_field():
    assert len(shown(docs_page.page(several(), "inner.when"))) == 3


def test_what_a_filter_found_stands_open_and_the_rest_is_a_link_away():
    page = docs_page.page(several(), "keys")

    assert '<details class="group" open>' in page
    assert "1 of 3 operations" in page and 'href="docs"' in page


def test_what_somebody_filters_by_is_text_and_never_markup():
    page = docs_page.page(several(), '"><script>alert(1)</script>')

    assert "<script" not in page and "&#34;&gt;&lt;script&gt;" in page


def test_the_filter_is_asked_for_in_the_address(client):
    answer = client.get("/docs?filter=openapi.json")

    assert shown(answer.text) == ["get_openapi_json"]
    assert client.get("/docs", query_string={"filter": "x" * 101}).status_code == 400


def test_a_text_among_truths_has_its_quotation_marks():
    field = {"type": ["boolean", "string"], "enum": [True, "true", "", None]}

    (said,) = docs_page._limits(field)

    assert said == 'one of `true`, `"true"`, `""`, `null`'


def test_no_meaning_names_our_classes(client):
    assert "loads to" not in client.get("/docs").text
