"""Paths into JSON: what they lead to, and what is no path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.discovery.sources.json_paging import next_link
from services.discovery.sources.json_path import path

DOCUMENT = {
    "data": {"items": [{"n": 1}, {"n": 2}], "e-mail": "a@b.example", "a.b": "dotted"},
    "list": [["x", "y"], ["z"]],
    "true": True,
    "price": 1.5,
    "none": None,
}


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("data.items[0].n", [1]),
        ("data.items[-1].n", [2]),
        ("data.items[*].n", [1, 2]),
        ("data.items[9]", []),
        ("data.e-mail", ["a@b.example"]),
        ('data."a.b"', ["dotted"]),
        ("list[*][*]", ["x", "y", "z"]),
        ("list[0][1]", ["y"]),
        ("price.x", []),
        ("", [DOCUMENT]),
    ],
)
def test_a_path_leads_to_values(written, values):
    assert path(written).values(DOCUMENT) == values


@pytest.mark.parametrize(
    ("written", "text"),
    [("price", "1.5"), ("true", ""), ("none", ""), ("data", ""), ("list[*][*]", "x")],
)
def test_texts_and_numbers_are_texts(written, text):
    assert path(written).text(DOCUMENT) == text


@pytest.mark.parametrize(
    "written",
    [".", "a.", ".a", "a..b", "a[", "a[x]", "a b", 'a"b"', "a.[0]", "[0]a", "a" * 201, ".a" * 21],
)
def test_what_is_no_path_is_refused(written):
    with pytest.raises(ValueError, match="must be a path"):
        path(written)


@given(st.text(max_size=40), st.recursive(st.none() | st.text(), st.lists, max_leaves=5))
def test_no_text_and_no_document_are_worse_than_that(written, document):
    try:
        read = path(written)
    except ValueError:
        return
    assert isinstance(read.text(document), str)


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ('<https://a.example/?page=2>; rel="next"', "https://a.example/?page=2"),
        ('<https://a.example/1>; rel="prev", </2>; title="x"; rel=next', "/2"),
        ('</3>; rel="last next"', "/3"),
        ('</4>; rel="nextish"', ""),
        ("nonsense", ""),
    ],
)
def test_a_link_header_names_the_next_page(header, url):
    assert next_link(header) == url
