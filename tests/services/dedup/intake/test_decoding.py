"""Any body becomes what it says; what cannot be read is refused with its place, never content."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.intake.decoding import nested, payload
from shared.errors import Malformed, ServiceError, UnsupportedMediaType

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=xx"


def part(name, value, extra=""):
    return (
        f'--xx\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode()
        + value
        + b"\r\n"
    )


@pytest.mark.parametrize("number", [9007199254740993, 2**63 - 1, 2**64 - 1, -(2**63)])
def test_an_id_of_64_bits_survives(number):
    assert payload(b'{"form_id": %d}' % number, JSON) == {"form_id": number}


def test_numbers_that_no_64_bits_hold_are_kept_as_texts():
    body = b'{"a": 123456789012345678901234567890, "b": 1e999, "c": NaN, "d": -Infinity}'

    assert payload(body, JSON) == {
        "a": "123456789012345678901234567890",
        "b": "1e999",
        "c": "NaN",
        "d": "-Infinity",
    }


@pytest.mark.parametrize(
    "content_type",
    [JSON, "application/vnd.sender+json; charset=utf-8", "text/plain", "", FORM, "*/*"],
)
def test_what_is_surely_json_is_read_as_json(content_type):
    assert payload(b' {"email": "ann@a.test"}\n', content_type) == {"email": "ann@a.test"}


@pytest.mark.parametrize(
    "body", [b'{"a": "x & y"}=', b"%7B%22a%22%3A+%22x+%26+y%22%7D", b'"{\\"a\\": \\"x & y\\"}"']
)
def test_json_in_a_wrapping_is_unwrapped(body):
    content_type = JSON if body.startswith(b'"') else FORM

    assert payload(body, content_type) == {"a": "x & y"}


def test_a_form_under_the_name_of_json_is_read_as_a_form():
    assert payload(b"email=ann%40a.test&name=Ann+Lee", JSON) == {
        "email": "ann@a.test",
        "name": "Ann Lee",
    }


def test_of_keys_that_come_twice_the_first_that_says_something_counts():
    body = b'{"a": "", "a": "one", "a": "two", "b": null, "b": null, "c": 0, "c": 1}'

    assert payload(body, JSON) == {"a": "one", "b": None, "c": 0}


def test_a_line_break_within_a_text_is_let_pass():
    assert payload(b'{"message": "one\ntwo"}', JSON) == {"message": "one\ntwo"}


def test_what_cannot_be_stored_is_left_out():
    assert payload(b'{"a\\u0000": "x\\ud800y\\u0000"}', JSON) == {"a": "xy"}
    assert payload(b"a=x%00y", FORM) == {"a": "xy"}
    assert payload(b'{"a": "\\ud83d\\ude00"}', JSON) == {"a": "😀"}


@pytest.mark.parametrize(
    ("charset", "text"),
    [("windows-1252", "José Müller"), ("shift_jis", "山田太郎"), ("iso-8859-2", "Świętosław")],
)
def test_text_in_the_charset_that_was_declared_is_read(charset, text):
    form = b"name=" + text.encode(charset)
    body = f'{{"name": "{text}"}}'.encode(charset)

    assert payload(form, f"{FORM}; charset={charset}") == {"name": text}
    assert payload(body, f"{JSON}; charset={charset}") == {"name": text}


def test_text_in_no_declared_charset_is_read_as_old_forms_mean_it():
    assert payload(b"name=Jos%E9", FORM) == {"name": "José"}


def test_utf_8_counts_whatever_was_declared():
    assert payload("name=José".encode(), f"{FORM}; charset=iso-8859-1") == {"name": "José"}


def test_a_charset_that_is_no_charset_is_not_asked():
    assert payload(b'{"a": "\\u0041"}', f"{JSON}; charset=unicode_escape") == {"a": "A"}
    assert payload(b'{"a": "\xe9"}', f"{JSON}; charset=zlib") == {"a": "é"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_charset(encoding):
    assert payload('{"a": "é"}'.encode(encoding), JSON) == {"a": "é"}


def test_bracket_names_spell_objects_and_lists():
    body = b"fields[email][value]=ann&fields[email][type]=email&pages[]=1&pages[]=2&l[0]=a&l[1]=b"

    assert payload(body, FORM) == {
        "fields": {"email": {"value": "ann", "type": "email"}},
        "pages": ["1", "2"],
        "l": ["a", "b"],
    }


def test_a_list_of_objects_is_spelt_item_by_item():
    sent = [("c[][name]", "Ann"), ("c[][mail]", "a"), ("c[][name]", "Bo"), ("c[][mail]", "b")]

    assert nested(sent) == {"c": [{"name": "Ann", "mail": "a"}, {"name": "Bo", "mail": "b"}]}


def test_a_name_that_comes_again_has_a_list():
    assert nested([("a", "1"), ("a", "2"), ("a", "3")]) == {"a": ["1", "2", "3"]}


@pytest.mark.parametrize("name", ["a[b", "a]b[", "[a]", "Phone [mobile]", "a[b]c", ""])
def test_a_name_that_spells_no_object_stays_as_it_is(name):
    assert nested([(name, "1")]) == {name: "1"}


def test_names_that_contradict_each_other_lose_nothing():
    assert nested([("a", "1"), ("a[b]", "2")]) == {"a": "1", "a[b]": "2"}
    assert nested([("a[b]", "2"), ("a", "1")])["a"] == {"b": "2", "": "1"}


def test_a_multipart_form_is_read_and_a_file_is_no_more_than_its_name():
    body = part("q4_email", b"ann@a.test") + part(
        "cv", b"\x00\xff secret", '; filename="cv.pdf"\r\nContent-Type: application/pdf'
    )

    assert payload(body + b"--xx--\r\n", PARTS) == {"q4_email": "ann@a.test", "cv": "cv.pdf"}


def test_a_part_may_hold_line_breaks_and_another_charset():
    body = part("m", b"one\r\n\r\ntwo") + part(
        "n", "山".encode("shift_jis"), "\r\nContent-Type: text/plain; charset=shift_jis"
    )

    assert payload(body + b"--xx--", PARTS) == {"m": "one\r\n\r\ntwo", "n": "山"}


def test_a_boundary_that_was_not_declared_is_read_from_the_first_line():
    assert payload(part("a", b"1") + b"--xx--", "multipart/form-data") == {"a": "1"}


@pytest.mark.parametrize(
    ("body", "content_type", "fault"),
    [
        (part("a", b"1") + part("b", b"2"), PARTS, "was cut off in part 2"),
        (part("a", b"1")[:-4], PARTS, "was cut off in part 1"),
        (b"hello", PARTS, "has no part: its boundary is nowhere in it"),
        (b"hello", "multipart/form-data", "has no usable multipart boundary"),
        (b"--xx\r\n\r\nhello\r\n--xx--", PARTS, "has no name for part 1"),
        (b'{"a": ', JSON, "is not valid JSON at line 1, column 7 (character 6)"),
        (b"", JSON, "is empty"),
        (b" ", FORM, "is empty"),
        (b"[" * 33 + b"]" * 33, JSON, "is nested deeper than 32 levels"),
        (b"[" * 99999 + b"]" * 99999, JSON, "is nested deeper than 32 levels"),
        (b"a" + b"[b]" * 32 + b"=1", FORM, "is nested deeper than 32 levels"),
        (json.dumps(list(range(2001))).encode(), JSON, "has more than 2000 fields"),
        (b"a=1&" * 2001, FORM, "has more than 2000 fields"),
        (part("a", b"1") * 2002 + b"--xx--", PARTS, "has more than 2000 fields"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(body, content_type, fault):
    with pytest.raises(Malformed) as refused:
        payload(body, content_type)

    assert refused.value.details == {"body": fault}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<lead><email>a</email></lead>", "application/xml"),
        (b"<lead a='1'/>", ""),
        (b"Hello, I am a lead", "text/plain"),
        (b"a,b\n1,2", "text/csv"),
    ],
)
def test_what_is_neither_json_nor_a_form_is_told_what_is_accepted(body, content_type):
    with pytest.raises(UnsupportedMediaType, match="Send application/json"):
        payload(body, content_type)


def test_2000_fields_are_few_enough():
    assert len(payload(json.dumps(list(range(2000))).encode(), JSON)) == 2000


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([JSON, FORM, PARTS, "", "text/plain"]))
def test_no_body_raises_anything_else_than_a_refusal(body, content_type):
    try:
        payload(body, content_type)
    except ServiceError as refusal:
        assert isinstance(refusal, (Malformed, UnsupportedMediaType))


@settings(deadline=None)
@given(st.lists(st.tuples(st.text("ab[]01", max_size=12), st.text(max_size=5)), max_size=20))
def test_every_form_has_a_reading(sent):
    assert isinstance(nested(sent), dict)
