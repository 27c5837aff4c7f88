import io
import json

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Malformed
from shared.field_names import shown
from shared.web import body, form_body, json_body

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"


def post(client, data, content_type=JSON, **options):
    return client.post("/echo", data=data, content_type=content_type, **options)


def details(answer, status=400):
    assert answer.status_code == status
    assert answer.json["success"] is False
    assert answer.json["error"]["code"] == "INVALID_DATA_FORMAT"
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    return answer.json["error"]["details"]


def multipart(*parts):
    return b"".join(
        b"--XX\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + content + b"\r\n"
        for head, content in parts
    ) + (b"--XX--\r\n")


@pytest.mark.parametrize(
    "content_type",
    [
        JSON,
        "application/json; charset=utf-8",
        "application/JSON;charset=UTF-8",
        "application/ld+json",
    ],
)
def test_json_of_every_spelling_is_read(client, content_type):
    answer = post(client, '{"name": "Zoë 😀", "n": -1.5}'.encode(), content_type)

    assert answer.json["body"] == {"name": "Zoë 😀", "n": -1.5}


def test_a_byte_order_mark_is_no_fault(client):
    assert post(client, b'\xef\xbb\xbf{"a": 1}').json["body"] == {"a": 1}


def test_an_escaped_pair_of_surrogates_is_one_character(client):
    assert post(client, rb'{"a": "\ud83d\ude00"}').json["body"] == {"a": "😀"}


@pytest.mark.parametrize(
    ("sent", "field", "problem"),
    [
        (b'{"lead_data": {"email": 1, "email": 2}}', "lead_data.email", json_body.TWICE),
        (b'{"a": 1, "a": 1}', "a", json_body.TWICE),
        (b'{"leads": [{}, {"x": NaN}]}', "leads[1].x", json_body.NOT_FINITE),
        (b'{"x": -Infinity}', "x", json_body.NOT_FINITE),
        (b'{"x": 1e999}', "x", json_body.TOO_BIG),
        (b'{"x": 9223372036854775808}', "x", json_body.TOO_BIG),
        (b'{"x": ' + b"9" * 5000 + b"}", "x", json_body.TOO_BIG),
        (rb'{"lead_data": {"email": "\ud800"}}', "lead_data.email", json_body.SURROGATE),
        (rb'{"x": ["ok", "\uDFFFx"]}', "x[1]", json_body.SURROGATE),
        (rb'{"x": "a\u0000b"}', "x", json_body.NUL),
        (rb'{"a": 1, "\ud800": 1}', "field 2", "has a name that " + json_body.SURROGATE),
        (b"NaN", "body", json_body.NOT_FINITE),
        (b"", "body", "is empty"),
        (b"  \n", "body", "is empty"),
        (b"[]", "body", "must be a JSON object"),
        (b"null", "body", "must be a JSON object"),
        (b'"text"', "body", "must be a JSON object"),
        (b'{"a": "\xff"}', "body", "is not UTF-8 at byte 7"),
        (b'{"a": 1', "body", "is not valid JSON at line 1, column 8 (character 7)"),
        (b'{"a": NaN, "b": ', "body", "is not valid JSON at line 1, column 17 (character 16)"),
        (b'{"a": "\x00"}', "body", "is not valid JSON at line 1, column 8 (character 7)"),
        (b"{'a': 1}", "body", "is not valid JSON at line 1, column 2 (character 1)"),
    ],
)
def test_a_fault_of_json_is_named_by_field_and_reason(client, sent, field, problem):
    assert details(post(client, sent)) == {field: problem}


def test_every_fault_is_named_at_once(client):
    sent = rb'{"a": NaN, "b": {"c": 1, "c": "\u0000"}}'

    assert details(post(client, sent)) == {"a": json_body.NOT_FINITE, "b.c": json_body.TWICE}


def test_of_a_field_sent_a_hundred_thousand_times_only_some_are_looked_at(client):
    sent = b'{"a": 0' + b', "a": 1' * 100_000 + b', "b": 1, "b": 2}'

    assert details(post(client, sent)) == {"a": json_body.TWICE}


@pytest.mark.parametrize("name", ["jane@example.org", "<script>", "é", "a" * 65, ""])
def test_a_field_name_that_may_be_personal_is_not_repeated(client, name):
    sent = json.dumps({"ok": 1})[:-1] + f", {json.dumps(name)}: 1, {json.dumps(name)}: 2}}"

    assert details(post(client, sent)) == {"field 3": json_body.TWICE}


def test_a_hundred_thousand_levels_are_refused_before_parsing(client):
    for sent in (b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000):
        assert details(post(client, sent)) == {"body": "is nested deeper than 32 levels"}


def test_depth_that_a_broken_string_hides_is_still_refused(client):
    assert post(client, b'{"a": \\"' + b"[" * 100_000).status_code == 400


def test_thirty_two_levels_are_read_and_thirty_three_are_not():
    def nested(levels):
        return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)

    assert json_body.parsed(nested(32))
    with pytest.raises(Malformed):
        json_body.parsed(nested(33))


def test_brackets_inside_strings_are_no_levels():
    text = '{"a": "' + "[{" * 50 + r"\"[[\\" + '", "b": "' + "[" * 50 + '"}'

    assert json_body.parsed(text.encode())["b"] == "[" * 50


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/xml",
        "application/jsonp",
        "application/json; charset=latin-1",
        "application/x-www-form-urlencoded; charset=utf-16",
        "éé/\xff",
        ";;;=",
    ],
)
def test_another_content_type_is_a_415(client, content_type):
    details(post(client, b'{"a": 1}', content_type), status=415)


def test_a_compressed_body_is_a_415(client):
    details(post(client, b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), status=415)


def test_a_form_gives_its_fields_as_text(client):
    sent = "lead%5Bemail%5D=a%40example.org&name=Zo%C3%AB+M&empty=&flag"

    assert post(client, sent, FORM).json["body"] == {
        "lead[email]": "a@example.org",
        "name": "Zoë M",
        "empty": "",
        "flag": "",
    }


@pytest.mark.parametrize(
    ("sent", "faults"),
    [
        (b"email=a&x=1&email=b", {"email": json_body.TWICE}),
        (b"a=%00", {"a": json_body.NUL}),
        (b"a=1&b=%ff", {"b": "is not UTF-8"}),
        (b"%ff=1", {"field 1": "is not UTF-8"}),
        (b"&".join(b"f%d=1" % n for n in range(201)), {"body": "has more than 200 fields"}),
    ],
)
def test_a_fault_of_a_form_is_named(client, sent, faults):
    assert details(post(client, sent, FORM)) == faults


def test_two_hundred_fields_are_read(client):
    sent = b"&".join(b"f%d=1" % n for n in range(200))

    assert len(post(client, sent, FORM).json["body"]) == 200


def test_a_multipart_form_gives_its_fields_as_text(client):
    sent = multipart((b'name="email"', b"a@example.org"), (b'name="b[c]"', "Zoë".encode()))

    assert post(client, sent, MULTIPART).json["body"] == {"email": "a@example.org", "b[c]": "Zoë"}


def test_a_file_input_left_empty_is_no_file(client):
    assert post(client, multipart((b'name="cv"; filename=""', b"")), MULTIPART).json["body"] == {
        "cv": ""
    }


@pytest.mark.parametrize(
    ("sent", "faults"),
    [
        (multipart((b'name="cv"; filename="x.pdf"', b"%PDF")), {"cv": "files are not accepted"}),
        (multipart((b'name="a"', b"1"), (b'name="a"', b"2")), {"a": json_body.TWICE}),
        (multipart((b'name="a"', b"\xff")), {"a": "is not UTF-8"}),
        (multipart((b'name="a"', b"x\x00")), {"a": json_body.NUL}),
        (multipart((b"nameless", b"x")), {"body": "is not valid multipart/form-data"}),
        (b"--XX\r\nbroken", {"body": "is not valid multipart/form-data"}),
        (
            multipart(*((b'name="f%d"' % n, b"1") for n in range(201))),
            {"body": "has more than 200 fields"},
        ),
    ],
)
def test_a_fault_of_a_multipart_form_is_named(client, sent, faults):
    assert details(post(client, sent, MULTIPART)) == faults


def test_a_multipart_form_without_boundary_is_refused(client):
    answer = post(client, b"x", "multipart/form-data")

    assert details(answer) == {"body": "has no usable multipart boundary"}


def test_ten_megabytes_are_a_413_with_and_without_a_length(client):
    big = b'{"a": "' + b"x" * 10_000_000 + b'"}'
    chunked = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(big)}

    details(post(client, big), status=413)
    details(client.post("/echo", content_type=JSON, environ_overrides=chunked), status=413)


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_the_limit_is_exact_without_a_length_too(client, extra, status):
    limit = client.application.config["MAX_CONTENT_LENGTH"]
    sent = b'{"a": "' + b"x" * (limit - 9 + extra) + b'"}'
    chunked = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(sent)}

    answer = client.post("/echo", content_type=JSON, environ_overrides=chunked)

    assert answer.status_code == status


def test_a_body_shorter_than_announced_is_refused(client):
    cut = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b"{}"), "CONTENT_LENGTH": "9"}

    answer = client.post("/echo", content_type=JSON, environ_overrides=cut)

    assert details(answer) == {"body": "is shorter than Content-Length says"}


def test_a_stream_that_breaks_is_the_senders_fault(client):
    class Broken:
        def read(self, size=-1):
            raise RuntimeError("InvalidChunkSize")

    broken = {"wsgi.input_terminated": True, "wsgi.input": Broken()}

    answer = client.post("/echo", content_type=JSON, environ_overrides=broken)

    assert details(answer) == {"body": "broke off or was not sent correctly"}


@pytest.mark.parametrize(
    ("sent", "faults"),
    [
        ({"lead_data": {"email": 1}}, {"lead_data.email": "must be text"}),
        ({"lead_data": {}}, {"lead_data.email": "is required"}),
        ({}, {"lead_data": "is required"}),
        ({"lead_data": 7}, {"lead_data": "must be an object"}),
        (
            {"lead_data": {"email": "a", "jane@example.org": 1, "odd": 1}},
            {"lead_data.field 2": "is not a known field", "lead_data.odd": "is not a known field"},
        ),
    ],
)
def test_a_schemas_faults_come_back_by_path(client, sent, faults):
    answer = client.post("/loaded", json=sent)

    assert details(answer) == faults


@given(st.text(max_size=80), st.integers(1, 99))
def test_a_shown_name_is_always_short_plain_ascii(name, position):
    label = shown(name, position)

    assert label.isascii()
    assert len(label) <= 64


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
JSONISH = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | TEXT
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(TEXT, JSONISH, max_size=4), st.booleans())
def test_sound_json_comes_back_as_it_was(document, ascii_only):
    raw = json.dumps(document, ensure_ascii=ascii_only).encode()

    assert json_body.parsed(raw) == document


@settings(deadline=None, max_examples=300)
@given(
    st.binary(max_size=300)
    | st.text(alphabet='{}[]",:\\u08dD1eNaInfity -.&=%+\x00é').map(str.encode),
    st.sampled_from([JSON, FORM, MULTIPART, "application/x+json; charset=utf-8"]),
)
def test_arbitrary_bytes_are_a_dict_or_malformed(raw, content_type):
    app = Flask("bare")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    with app.test_request_context(method="POST", data=raw, content_type=content_type):
        try:
            assert isinstance(body(), dict)
        except Malformed as refusal:
            assert refusal.details


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_multipart_bytes_are_a_dict_or_malformed(raw):
    head = b'--XX\r\nContent-Disposition: form-data; name="a"\r\n'
    for sent in (raw, head + raw, b"--XX\r\n" + raw + b"\r\n--XX--"):
        try:
            assert isinstance(form_body.parsed_multipart(sent, "XX"), dict)
        except Malformed as refusal:
            assert refusal.details
