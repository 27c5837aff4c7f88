"""From bytes to text, whatever the sender meant by them.

UTF-8 is tried first, because it is what nearly everybody sends and because other text hardly ever
passes for it; then the charset that was declared; then windows-1252, which reads any byte and is
what old web forms mean by no charset at all (WHATWG Encoding, section 4.2).
"""

import re

LAST_RESORT = "windows-1252"

_DECLARED = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,32})", re.IGNORECASE)
_KNOWN = re.compile(
    r"(?:windows|cp|ibm)-?\d{3,5}|iso-?8859-\d{1,2}(?:-[ie])?|latin-?\d|us-ascii"
    r"|shift[_-]?jis|sjis|x-sjis|ms932|windows-31j|euc-(?:jp|kr|tw)|iso-2022-(?:jp|kr)|ks_c_5601-1987"
    r"|gbk|gb2312|gb18030|big5(?:-hkscs)?|koi8-[rut]|tis-620|macintosh|mac-?roman|mac-?cyrillic"
    r"|utf-?16(?:-?[lb]e)?|utf-?8",
    re.IGNORECASE,
)
"""Charsets of text. Python knows more codecs by name, some of them no charsets at all."""

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPE = b"\x1b"
"""How ISO 2022 shifts to another alphabet; what it writes is valid UTF-8, and nonsense as such."""


def declared(content_type: str) -> str:
    """Return the charset that a content type names, or an empty text; only charsets of text."""
    found = _DECLARED.search(content_type)
    name = found[1].lower() if found else ""
    return name if _KNOWN.fullmatch(name) else ""


def text(raw: bytes, charset: str = "") -> str:
    """Return what *raw* says, without byte order mark, NUL and halves of surrogate pairs.

    *charset* is what was declared (`declared`); bytes that are none in it become U+FFFD.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return storable(raw[len(mark) :].decode(name, "replace"))
    if charset.startswith("iso-2022") and _ESCAPE in raw:
        return storable(_as(raw, charset))
    try:
        decoded = raw.decode()
    except UnicodeDecodeError:
        decoded = _as(raw, LAST_RESORT if charset in ("", "utf-8", "utf8") else charset)
    return storable(decoded) if "\0" in decoded else decoded


def storable(value: str) -> str:
    """Return *value* without what PostgreSQL refuses in a text: NUL, halves of surrogate pairs."""
    return _UNSTORABLE.sub("", value)


def _as(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode(LAST_RESORT, "replace")
