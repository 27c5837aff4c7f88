"""multipart/form-data (RFC 7578): texts, and of files no more than their names.

A file's content is dropped before anything looks at it: a lead needs none of it.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from services.dedup.intake.reading.charsets import declared, text
from services.dedup.intake.reading.form_fields import too_many
from services.dedup.intake.reading.lenient_json import MOST_FIELDS
from shared.errors import Malformed

LONGEST_BOUNDARY = 70
"""Characters (RFC 2046, section 5.1.1)."""

_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;,]+))", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_PARAMETER = re.compile(
    r";\s*(name|filename)(\*?)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;]+))", re.IGNORECASE
)
_ESCAPED = re.compile(r"\\([\"\\])")


def pairs(raw: bytes, content_type: str) -> list[tuple[str, str]]:
    """Return the names and texts of a multipart form. Raises Malformed, naming the part."""
    boundary = _boundary(raw, content_type)
    if raw.count(boundary) > MOST_FIELDS + 1:
        raise too_many()
    charset = declared(content_type)
    return list(_parts(raw, boundary, charset))


def _boundary(raw: bytes, content_type: str) -> bytes:
    """Return what stands between parts; where it is not declared, the first line tells."""
    found = _BOUNDARY.search(content_type)
    name = (found[1] or found[2]).encode() if found else b""
    if not found and raw.startswith(b"--"):
        name = raw[2 : LONGEST_BOUNDARY + 4].split(b"\n", 1)[0].rstrip()
    if not 0 < len(name) <= LONGEST_BOUNDARY:
        raise Malformed(details={"body": "has no usable multipart boundary"})
    return b"--" + name


def _parts(raw: bytes, boundary: bytes, charset: str) -> Iterator[tuple[str, str]]:
    _, *sections = (b"\n" + raw).split(b"\n" + boundary)
    if not sections:
        raise Malformed(details={"body": "has no part: its boundary is nowhere in it"})
    for place, section in enumerate(sections, 1):
        if section.startswith(b"--"):
            return
        if place == len(sections):
            raise Malformed(details={"body": f"was cut off in part {place}"})
        yield _part(section, charset, place)
    return


def _part(section: bytes, charset: str, place: int) -> tuple[str, str]:
    end = _HEAD_END.search(section)
    head = text(section[: end.start()] if end else b"", charset)
    name, file = _names(head)
    if end is None or name is None:
        raise Malformed(details={"body": f"has no name for part {place}"})
    if file is not None:
        return name, file
    body = section[end.end() :]
    return name, text(body.removesuffix(b"\r"), declared(head) or charset)


def _names(head: str) -> tuple[str | None, str | None]:
    """Return a part's name and its file's, as its Content-Disposition gives them."""
    found: dict[str, str] = {}
    for line in head.splitlines():
        if line.lower().startswith("content-disposition:"):
            for which, starred, quoted, bare in _PARAMETER.findall(line):
                value = _ESCAPED.sub(r"\1", quoted) or bare
                if starred:
                    value = unquote(value.rpartition("'")[2])
                found[which.lower()] = value
    return found.get("name"), found.get("filename")
