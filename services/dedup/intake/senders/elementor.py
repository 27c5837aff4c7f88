"""Elementor Pro forms: a URL-encoded form, of labels (simple) or of whole fields (advanced).

Source: proelements 3.33, modules/forms/actions/webhook.php and classes/form-record.php. A simple
post puts what surrounds it after the answers, under labels in the site's language.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.dedup.intake.sender import Sender
from services.dedup.intake.senders import elementor_labels
from services.dedup.intake.senders.elementor_labels import IP, NO_LABEL, PAGE, USER_AGENT
from services.dedup.intake.senders.json_values import file_names, ip, listed, mapping, text, url
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

FIELDS = {"email": "email", "tel": "phone"}
"""Types of field that are a lead's field."""

NO_ANSWERS = frozenset(("honeypot", "recaptcha", "recaptcha_v3", "step", "html", "password"))
"""Types of field that nobody answers, or that nobody should keep."""

_LAST = ["form_id", "form_name"]
_ID = re.compile(r"field_[0-9a-f]{4,}|utm_\w+")
_WIDGET = re.compile(r"[0-9a-f]{3,8}")
"""The id of a form: of 7 hexadecimal digits, as Elementor makes them."""


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """True for whole fields, each with its `raw_value`; or for labels, with a form's id and name
    behind them all."""
    form = mapping(payload)
    if isinstance(form.get("form"), dict):
        return any("raw_value" in mapping(field) for field in _fields(form))
    if "form_id" not in form or "form_name" not in form or list(form)[-2:] != _LAST:
        return False
    number = text(form["form_id"])
    # Other plugins number their forms: digits alone are Elementor's only from WordPress, and long.
    wordpress = headers.get("user-agent", "").startswith("WordPress/") and len(number) >= 7
    return bool(_WIDGET.fullmatch(number)) and (wordpress or not number.isdigit())


def items(payload: Any) -> Sequence[Item]:
    """Return the submission. Elementor gives none an id."""
    form = mapping(payload)
    if isinstance(form.get("form"), dict):
        return (submission(_typed(form), _around_typed(form)),)
    if "form_id" not in form:
        return (Ignored("this is no submission of an Elementor form"),)
    kinds = elementor_labels.kinds([one for one in form.items() if one[0] not in _LAST])
    answers = [Answer(_name(label), form[label], label) for label, kind in kinds if not kind]
    found = {kind: text(form[label]) for label, kind in reversed(kinds) if kind}
    around = Circumstances(
        ip=ip(found.get(IP)),
        user_agent=found.get(USER_AGENT) or None,
        form_id=text(form["form_id"]) or None,
        form_name=text(form.get("form_name")) or None,
        page_url=url(found.get(PAGE)),
    )
    return (submission(answers, around),)


def redacted(payload: Any) -> Any:
    """Return a payload without its password fields; a simple post does not tell which they are."""
    fields = mapping(payload).get("fields")
    if isinstance(fields, dict):
        kept: Any = {name: one for name, one in fields.items() if not _password(one)}
    else:
        kept = [one for one in listed(fields) if not _password(one)]
    found = isinstance(fields, dict | list) and len(kept) < len(fields)
    return payload | {"fields": kept} if found else payload


def _password(field: Any) -> bool:
    return mapping(field).get("type") == "password"


def _name(label: str) -> str:
    """Return a label; of a field without one its id, which follows the words for that."""
    for words in NO_LABEL:
        if label.startswith(words):
            return label.removeprefix(words)
    last = label.rpartition(" ")[2]
    return last if _ID.fullmatch(last) else label


def _fields(form: Mapping[str, Any]) -> Iterator[Any]:
    fields = form.get("fields")
    yield from fields.values() if isinstance(fields, dict) else listed(fields)


def _typed(form: Mapping[str, Any]) -> Iterator[Answer]:
    for field in map(mapping, _fields(form)):
        kind, key = text(field.get("type")), text(field.get("id"))
        if kind in NO_ANSWERS:
            continue
        value = field.get("value")
        if kind == "upload":
            value = [name for part in text(value).split(",") for name in file_names(part)]
        yield Answer(text(field.get("title")) or key, value, key, FIELDS.get(kind, ""))


def _around_typed(form: Mapping[str, Any]) -> Circumstances:
    meta = mapping(form.get("meta"))
    said = {name: text(mapping(one).get("value")) for name, one in meta.items()}
    return Circumstances(
        ip=ip(said.get("remote_ip")),
        user_agent=said.get("user_agent") or None,
        form_id=text(form["form"].get("id")) or None,
        form_name=text(form["form"].get("name")) or None,
        page_url=url(said.get("page_url")),
    )


ELEMENTOR = Sender(
    name="elementor",
    title="Elementor Pro forms",
    recognises=recognises,
    items=items,
    redacted=redacted,
    reply="always_200",
)
