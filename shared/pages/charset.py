"""In which characters a page is written, and the page in characters. Pure.

In the order of the HTML standard (13.2.3.2): byte order mark, header, `meta` in the first 1024
bytes; else UTF-8. What cannot be read becomes U+FFFD.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_META = re.compile(
    rb"""<meta[^<>]{0,500}?charset\s{0,20}=\s{0,20}["']?\s{0,20}([\w:.-]{1,40})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s{0,20}=\s{0,20}["']?\s{0,20}([\w:.-]{1,40})""", re.IGNORECASE)

_READ_AS = {
    # Pages that say the left one are written in the right one (WHATWG Encoding Standard).
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs", "tis-620": "cp874",
    "utf-16": "utf-16-le",
}  # fmt: skip

_KNOWN = re.compile(
    r"utf-?8|utf-16-?[lb]e|iso-?8859-\d{1,2}|windows-(?:125\d|874)|cp(?:125\d|932|949|874)|koi8-[ru]"
    r"|gb18030|big5hkscs|euc[-_]jp|iso-2022-jp|macintosh|ibm866"
)
"""Encodings of the web. Python knows others that are none, and slow with hostile bytes."""


def decoded(body: bytes, content_type: str) -> str:
    """Return *body* in characters; *content_type* is the header's value. Never raises."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    named = _HEADER.search(content_type)
    encoding = (_encoding(named[1]) if named else None) or _from_meta(body) or "utf-8"
    return body.decode(encoding, "replace")


def _from_meta(body: bytes) -> str | None:
    found = _META.search(body[:1024])
    encoding = _encoding(found[1].decode("ascii", "replace")) if found else None
    # A page whose meta can be read byte for byte is not written in UTF-16, whatever it says.
    return "utf-8" if encoding and encoding.startswith("utf-16") else encoding


def _encoding(label: str) -> str | None:
    """Return the name by which Python knows the encoding *label*, None if the web does not."""
    name = label.strip().lower()
    name = _READ_AS.get(name, name)
    if not _KNOWN.fullmatch(name):
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
