"""How the process that parses and the one that asks it talk: frames of JSON. Pure.

A frame is four bytes of length, most significant first, and so many of JSON. What comes from the
parsing side is believed no more than the page it parsed: every value is checked here.
"""

import struct
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar, get_args

import orjson

from shared.pages.page import (
    Address,
    ContactPoint,
    Contacts,
    Content,
    Form,
    FormKind,
    Link,
    Organisation,
    Social,
)
from shared.pages.parsing.robots import Verdict
from shared.pages.survey import Company, Survey

LENGTH = struct.Struct(">I")

MOST_ASKED_BYTES = 24 * 1024 * 1024
"""Of a frame to the parser: 2 MB of bytes are 6 MB in UTF-8 at most, escaped more."""

MOST_ANSWERED_BYTES = 2 * 1024 * 1024
"""Of a frame from it: 100 kB of text, and lists that are all bounded."""

T = TypeVar("T")


def frame(message: dict[str, Any]) -> bytes:
    """Return *message*, of which dataclasses may be part, as a frame."""
    body = orjson.dumps(message)
    return LENGTH.pack(len(body)) + body


def content(raw: Any) -> Content:
    """Return the content that *raw* holds. Raises ValueError for anything else."""
    contacts = _object(raw, "contacts")
    return Content(
        title=_text(raw, "title"),
        language=_text(raw, "language"),
        text=_text(raw, "text"),
        description=_text(raw, "description"),
        organisations=_list(raw, "organisations", _organisation),
        contacts=Contacts(_texts(contacts, "emails"), _texts(contacts, "phones")),
        socials=_list(
            raw, "socials", lambda one: Social(_text(one, "platform"), _text(one, "url"))
        ),
        forms=_list(raw, "forms", _form),
        links=_list(raw, "links", lambda one: Link(_text(one, "url"), _text(one, "text"))),
        truncated=_typed(raw, "truncated", bool),
    )


def survey(raw: Any) -> Survey:
    """Return the survey that *raw* holds. Raises ValueError for anything else."""
    return Survey(
        index=_typed(raw, "index", bool),
        follow=_typed(raw, "follow", bool),
        login=_typed(raw, "login", bool),
        canonical=_text(raw, "canonical"),
        next=_text(raw, "next"),
        links=_texts(raw, "links"),
        companies=_list(raw, "companies", _company),
    )


def text(raw: Any) -> str:
    """Return the text that *raw* is. Raises ValueError for anything else."""
    return _text({"text": raw}, "text")


def verdict(raw: Any) -> Verdict:
    """Return the verdict that *raw* holds. Raises ValueError for anything else."""
    return Verdict(_typed(raw, "allowed", bool), float(_typed(raw, "delay_seconds", (int, float))))


def _organisation(raw: Any) -> Organisation:
    address = raw.get("address") if isinstance(raw, dict) else None
    return Organisation(
        _text(raw, "name"),
        _text(raw, "url"),
        None if address is None else Address(*(_text(address, name) for name in _ADDRESS)),
        _list(raw, "contact_points", _point),
    )


def _company(raw: Any) -> Company:
    return Company(**{one.name: _text(raw, one.name) for one in fields(Company)})


def _point(raw: Any) -> ContactPoint:
    return ContactPoint(_text(raw, "purpose"), _text(raw, "email"), _text(raw, "phone"))


def _form(raw: Any) -> Form:
    kind = _text(raw, "kind")
    if kind not in get_args(FormKind):
        raise ValueError("no kind of form")
    return Form(kind, _text(raw, "reason"), _texts(raw, "fields"))  # type: ignore[arg-type]


def _list(raw: Any, name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    return tuple(read(one) for one in _typed(raw, name, list))


def _texts(raw: Any, name: str) -> tuple[str, ...]:
    return _list(raw, name, text)


def _text(raw: Any, name: str) -> str:
    return _typed(raw, name, str)


def _object(raw: Any, name: str) -> dict[str, Any]:
    return _typed(raw, name, dict)


def _typed(raw: Any, name: str, kind: Any) -> Any:
    value = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(value, kind):
        raise ValueError(f"no {name}")
    return value


_ADDRESS = ("street", "locality", "region", "postal_code", "country")
