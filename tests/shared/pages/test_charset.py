"""Pages are read in the characters they were written in."""

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.pages.charset import decoded

META = b"<meta charset=%s>"


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        ("ä".encode(), "text/html", "ä"),
        ("ä".encode("cp1252"), "text/html; charset=ISO-8859-1", "ä"),
        (b"\x80", "text/html;charset='latin1'", "€"),
        ("щ".encode("koi8-r"), 'text/html; charset="KOI8-R"', "щ"),
        ("日本".encode("cp932"), "text/html; charset=Shift_JIS", "日本"),
        ("中".encode("gb18030"), "text/html; charset=gbk", "中"),
        (codecs.BOM_UTF8 + "ä".encode(), "text/html; charset=iso-8859-1", "ä"),
        (codecs.BOM_UTF16_LE + "ä".encode("utf-16-le"), "text/html", "ä"),
        (META % b"windows-1252" + b"\xe4", "text/html", "<meta charset=windows-1252>ä"),
        (META % b"utf-16" + "ä".encode(), "text/html", "<meta charset=utf-16>ä"),
        (b"\xe4", "text/html; charset=utf-8", "\ufffd"),
        (b"\xe4", "text/html", "\ufffd"),
        ("ä".encode(), "text/html; charset=nonsense", "ä"),
        ("ä".encode(), "text/html; charset=punycode", "ä"),
        ("ä".encode(), "text/html; charset=utf-7", "ä"),
        ("ä".encode(), "text/html; charset=zlib", "ä"),
        (b"", "", ""),
    ],
)
def test_a_page_says_how_it_is_written(body, header, text):
    assert decoded(body, header) == text


@settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=60))
def test_whatever_bytes_come_become_text(body, said):
    text = decoded(body, f"text/html; charset={said}")

    assert text.encode("utf-8", "strict") is not None


@pytest.mark.parametrize("name", ["gb18030", "iso-2022-jp", "euc-jp", "big5", "utf-8", "utf-16"])
def test_two_megabytes_are_decoded_in_no_time(name):
    begun = time.monotonic()
    for body in (b"\xff" * 2_000_000, b"\x1b$" * 1_000_000, b"<meta " * 300_000):
        decoded(body, f"text/html; charset={name}")

    assert time.monotonic() - begun < 20
