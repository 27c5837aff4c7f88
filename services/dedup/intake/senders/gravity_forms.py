"""Gravity Forms, Webhooks add-on: an entry, its answers under the numbers of their fields.

*All fields* posts the entry (docs.gravityforms.com/entry-object): no labels, a name as `1.3` and
`1.6`. *Select fields* posts names of the form owner's own. Sources: gravityformswebhooks 1.4, and
Gravity Forms' field classes for the inputs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.dedup.intake.reading.definitions import defined, definitions, labels_map
from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.json_values import file_names, ip, mapping, moment, text, url
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

NAME = {"2": "prefix", "3": "first", "4": "middle", "6": "last", "8": "suffix"}
"""Inputs of a name field."""

ADDRESS = {
    **{"1": "street", "2": "street2", "3": "city"},
    **{"4": "state", "5": "postal_code", "6": "country"},
}
"""Inputs of an address field."""

ENTRY = frozenset(
    (
        *("id", "form_id", "form_title", "post_id", "created_by", "date_created", "date_updated"),
        *("is_starred", "is_read", "ip", "source_url", "source_id", "user_agent", "status"),
        *("currency", "payment_status", "payment_date", "payment_amount", "payment_method"),
        *("transaction_id", "transaction_type", "is_fulfilled", "is_approved", "resume_url"),
        *("submission_speeds", "resume_token", "date_saved", "required_fields_percent_complete"),
    )
)
"""Properties of an entry that nobody filled in."""

ADD_ONS = ("gform_", "gf_", "gv_", "gravityview_", "workflow_", "partial_entry_", "gpdf_")
"""How the properties begin that add-ons put into an entry."""

_FIELD = re.compile(r"(\d{1,6})(?:\.(\d{1,3})(_\w+)?)?")
_CARD = re.compile(r"[Xx*]{4,}\d{4}")


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """True for an entry with all its fields; selected fields bear nobody's mark."""
    entry = mapping(payload)
    if not ("form_id" in entry and "date_created" in entry and "id" in entry):
        return False
    return ("source_url" in entry or "ip" in entry) and any(map(_FIELD.fullmatch, entry))


def items(payload: Any) -> Sequence[Item]:
    """Return the entry, unless the visitor has not finished it (the Partial Entries add-on)."""
    entry = mapping(payload)
    if not entry:
        return (Ignored("this is no entry of a Gravity form"),)
    # The add-on empties this once the form is sent; at 100 it is filled in, and not sent yet.
    if text(entry.get("partial_entry_percent")).isdigit():
        return (Ignored("a partial entry: the whole one is posted when the form is sent"),)
    around = Circumstances(
        submitted_at=moment(entry.get("date_created")),
        ip=ip(entry.get("ip")),
        user_agent=text(entry.get("user_agent")) or None,
        form_id=text(entry.get("form_id")) or None,
        form_name=text(entry.get("form_title")) or None,
        page_url=url(entry.get("source_url")),
    )
    form, number = text(entry.get("form_id")), text(entry.get("id"))
    key = f"{form}/{number}" if form and number else None
    return (submission(_answers(entry), around, key),)


def _answers(entry: Mapping[str, Any]) -> Iterator[Answer]:
    fields: dict[str, dict[str, Any]] = {}
    labels = definitions(entry)
    for name, value in entry.items():
        numbered = _FIELD.fullmatch(name)
        if numbered:
            inputs = fields.setdefault(numbered[1], {})
            inputs[(numbered[2] or "") + (numbered[3] or "")] = value
        elif isinstance(value, dict) and labels_map(value):
            continue
        elif name not in ENTRY and not name.startswith(ADD_ONS):
            yield Answer(name, value, name)
    for number, inputs in fields.items():
        yield from (defined(answer, labels) for answer in _field(number, inputs))


def _field(number: str, inputs: Mapping[str, Any]) -> Iterator[Answer]:
    """Give the answer of one field, its inputs by number, "" for a field without."""
    if "" in inputs:
        value = inputs[""]
        stored = "/gravity_forms/" in text(value)
        yield Answer(number, file_names(value) if stored else value, number)
        return
    said = {place: text(value) for place, value in inputs.items()}
    if any(_CARD.fullmatch(value) for value in said.values()):
        return
    if said.keys() <= NAME.keys() and {"3", "6"} <= said.keys():
        yield Answer("name", _named(said, NAME), number)
    elif _address(said):
        yield Answer("address", _named(said, ADDRESS), number)
    elif said.keys() == {"1", "2", "3"} and said["1"] in ("", "1"):
        # A consent box: ticked or not, the wording, the wording's revision.
        yield Answer(said["2"] or number, said["1"], number)
    else:
        yield Answer(number, [value for value in said.values() if value], number)


def _named(said: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {names[place]: value for place, value in said.items() if value}


def _address(said: Mapping[str, str]) -> bool:
    """True for the inputs of an address, and for no row of boxes, whose inputs are numbered alike:
    a street and a city are given, and one of street and postal code has a digit."""
    if not (said.keys() <= ADDRESS.keys() and said.get("1") and said.get("3")):
        return False
    return "5" in said and any(letter.isdigit() for letter in said["1"] + said["5"])


GRAVITY_FORMS = Sender(
    name="gravity_forms",
    title="Gravity Forms",
    recognises=recognises,
    items=items,
)
