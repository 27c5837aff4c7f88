"""Flattening: from any JSON to answers, each with the name that says most.

Senders keep answers as an object (`{"email": …}`), as objects in objects, as lists of pairs
(`[{"label": …, "value": …}]`, in many spellings), as pairs under their id, or as JSON in a text.
What only wraps (`data`, `fields`) is left out of a name; what tells (`owner.email`) stays.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from services.dedup.intake.reading import composites, lenient_json, values
from services.dedup.intake.reading.labels import meaning
from services.dedup.intake.reading.number_boxes import in_one
from services.dedup.intake.reading.pairs import (
    ANSWERING,
    KEYS,
    KIND_NAMES,
    LABELS,
    answer_of,
    bare,
    in_one_text,
    pair_of,
    paired,
    tag_of,
    told,
    typed,
)
from services.dedup.intake.reading.whose import SELLER, sellers
from services.dedup.intake.sent import Answer
from shared.errors import Malformed

MOST = 1000
"""Answers of one payload."""

DEEPEST = 12
"""Levels that are looked into; known senders have 7."""

MOST_NAMES = 40
"""Names of an object that are looked at to tell whether it is somebody."""

NAMES = ("name", "full_name", "first_name", "last_name")

WRAPPERS = frozenset(
    (
        *("data", "payload", "body", "fields", "answers", "values", "formdata", "properties"),
        *("attributes", "response", "responses", "submission", "entry", "record", "records"),
        *("formresponse", "results", "result", "itemmeta", "formfields", "params", "parameters"),
        *("inputs", "input", "questions", "content", "lead", "leads", "contact"),
        *(
            "person",
            "contacts",
            "submissions",
            "entries",
            "fielddata",
            "rawrequest",
            "json",
        ),
        *("customfields", "customdata", "userdata", "leaddata", "formsubmission", "details", "all"),
        *("formvalues", "submissiondata", "items", "contactdata", "profile", "customer"),
    )
)
"""Objects that say nothing of what is in them. A text of such a name is an answer like others."""

_OPENING = frozenset("{[ \n\t")
_LINE = re.compile(r"^[ \t]*([^:\n]{1,60}?)[ \t]*:[ \t]*(\S[^\n]*)$", re.MULTILINE)
_HEADS = ("headers", "header", "columns", "questions", "labels", "keys", "names", "fieldnames")
_ROWS = ("values", "row", "rows", "data", "answers", "cells", "record", "responses")


class Definition(NamedTuple):
    """What a form says about one of its fields apart from the answer."""

    label: str
    field: str


def answers(payload: Any) -> list[Answer]:
    """Return what *payload* answers, in its order; [] if nothing. Never raises."""
    known = dict(_definitions(payload, 0))
    found = [_defined(answer, known) for answer in islice(_flat(payload, (), 0), MOST)]
    return _written_out(in_one(_numbered_names(found)))


def _flat(value: Any, path: tuple[str, ...], level: int) -> Iterator[Answer]:
    if level > DEEPEST:
        return
    if isinstance(value, str):
        packed = _unpacked(value)
        if packed is None:
            yield Answer(".".join(path), value, path[-1] if path else "")
            return
        value = packed
    if isinstance(value, dict):
        yield from _object(value, path, level)
    elif isinstance(value, list):
        yield from _list(value, path, level)
    elif value is not None:
        yield Answer(".".join(path), value, path[-1] if path else "")


def _object(value: dict[str, Any], path: tuple[str, ...], level: int) -> Iterator[Answer]:
    pair = pair_of(value)
    if pair and (level or len(value) <= 4):
        yield answer_of(value, pair, path)
        return
    if path and (kind := tag_of(value)):
        inner = in_one_text(value[kind])
        plain = isinstance(inner, (str, int))
        told = Answer(".".join(path), inner, path[-1], typed(kind))
        yield from (told,) if plain else _flat(inner, path, level + 1)
        return
    if beside := _side_by_side(value):
        yield from _flat(beside, path, level + 1)
        return
    if path and len(value) <= 12 and _leaf(value):
        kinds = [str(inner) for name, inner in value.items() if bare(name) in KIND_NAMES]
        yield Answer(".".join(path), value, path[-1], typed(kinds[0]) if kinds else "")
        return
    theirs = sellers(value)
    for name, inner in value.items():
        if name in theirs:
            yield from _flat(inner, (*path, SELLER, name), level + 1)
            continue
        wraps = isinstance(inner, (dict, list)) or (isinstance(inner, str) and inner[:1] in "{[")
        step = () if not name or (wraps and bare(name) in WRAPPERS) else (name,)
        yield from _flat(inner, path + step, level + 1)


def _list(value: list[Any], path: tuple[str, ...], level: int) -> Iterator[Answer]:
    if not any(isinstance(item, (dict, list)) for item in value):
        if value:
            yield Answer(".".join(path), value, path[-1] if path else "")
        return
    if _defines(value):
        return
    if _couples(value):
        yield from _flat(dict(value), path, level + 1)
        return
    for place, item in enumerate(value[:MOST]):
        # A second person in a list is not the lead: a step in the path keeps the two apart.
        step = (str(place + 1),) if place and _somebody(item) else ()
        yield from _flat(item, path + step, level + 1)


def _couples(value: list[Any]) -> bool:
    """True for a list of lists of two: `[["Email", …], ["Phone", …]]`."""
    return all(
        isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) for item in value
    )


def _side_by_side(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return the answers of an object that has a list of names and one of values, else None."""
    lists = {bare(name): item for name, item in value.items() if isinstance(item, list)}
    names = next((lists[name] for name in _HEADS if name in lists), [])
    rows = next((lists[name] for name in _ROWS if name in lists), [])
    if len(names) != len(rows) or len(names) < 2:
        return None
    if not all(isinstance(name, str) for name in names) or any(isinstance(r, dict) for r in rows):
        return None
    return dict(zip(names, rows, strict=True))


def _somebody(item: Any) -> bool:
    """True for an object that describes a person: a name and a way to reach them."""
    if not isinstance(item, dict) or paired(item):
        return False
    told = {meaning(name).field for name in list(item)[:MOST_NAMES]}
    return len(told & {"email", "phone"}) + bool(told & set(NAMES)) > 1


def _leaf(value: dict[str, Any]) -> bool:
    """True for an object that is one value: a name or a number in parts, a value with its type."""
    simple = values.simple(value)
    if not isinstance(simple, dict):
        return True
    made = composites.parts(simple)
    return bool(made) and not set(made) & {"street", "city"}


def _written_out(found: list[Answer]) -> list[Answer]:
    """Return *found*, or the lines of its only long text where the lead stands in nothing else.

    A mailbox that is read by a workflow posts the mail that a form sent: `Name: …`, `Email: …`.
    """
    texts = [each.value for each in found if isinstance(each.value, str)]
    if any("@" in text and values.one_mail(text) for text in texts):
        return found
    for text in texts:
        lines = _LINE.findall(text[: values.LONGEST_MESSAGE]) if "\n" in text else []
        told = {meaning(label).field for label, _ in lines}
        if len(lines) > 1 and told & {"email", "phone"}:
            return [*(Answer(label.strip(), said.strip()) for label, said in lines), *found]
    return found


def _unpacked(value: str) -> Any:
    if value[:1] not in _OPENING or not lenient_json.surely(value):
        return None
    try:
        packed = lenient_json.parsed(value)
    except Malformed:
        return None
    return packed if isinstance(packed, (dict, list)) else None


def _defines(value: list[Any]) -> bool:
    """True for a list that describes a form's fields, and holds no answers."""
    return all(isinstance(item, dict) and _definition(item) for item in value)


def _definition(item: dict[str, Any]) -> tuple[str, Definition] | None:
    names = {bare(name): name for name in item}
    if any(name in names for name in ANSWERING) or not names.keys() & set(KIND_NAMES):
        return None
    key = next((told(item[names[name]]) for name in KEYS if name in names), "")
    label = next((told(item[names[name]]) for name in LABELS[:4] if name in names), "")
    kind = next((str(item[names[name]]) for name in KIND_NAMES if name in names), "")
    return (key, Definition(label, typed(kind))) if key and label else None


def _definitions(value: Any, level: int) -> Iterator[tuple[str, Definition]]:
    """Yield what the lists of fields in a payload say, by the fields' ids."""
    if isinstance(value, str) and level and '"' in value:
        value = _unpacked(value)
    if level > DEEPEST or not isinstance(value, (dict, list)):
        return
    for item in value.values() if isinstance(value, dict) else value[:MOST]:
        found = _definition(item) if isinstance(item, dict) else None
        if found and isinstance(item, dict):
            yield found
            yield from _boxes(item, found[1].label)
        yield from _definitions(item, level + 1)


def _boxes(item: dict[str, Any], label: str) -> Iterator[tuple[str, Definition]]:
    """Yield what a field's definition says about the boxes within it: `Name`, box `First`."""
    lists = [each for each in item.values() if isinstance(each, list)]
    for box in (each for boxes in lists for each in boxes if isinstance(each, dict)):
        names = {bare(name): name for name in box}
        key = next((told(box[names[name]]) for name in KEYS if name in names), "")
        own = next((told(box[names[name]]) for name in LABELS[:4] if name in names), "")
        if key and own and not names.keys() & set(KIND_NAMES):
            yield key, Definition(f"{label} {own}", "")


def _defined(answer: Answer, known: dict[str, Definition]) -> Answer:
    told = known.get(answer.key) or known.get(answer.name)
    if not told or answer.name not in ("", answer.key):
        return answer
    return Answer(told.label, answer.value, answer.key or answer.name, answer.field or told.field)


def _numbered_names(found: list[Answer]) -> list[Answer]:
    """Return *found* with first and last name told where a field's boxes are only numbered.

    WordPress plugins number the boxes of a name `.3` and `.6`, and of an address `.1` to `.6`.
    """
    names = {answer.key for answer in found}
    told = {}
    for answer in found:
        number, point, box = answer.key.partition(".")
        if point and box in ("3", "6") and number.isdigit():
            pair = {f"{number}.3", f"{number}.6"} <= names
            if pair and not {f"{number}.1", f"{number}.5"} & names:
                told[answer.key] = "First name" if box == "3" else "Last name"
    return [Answer(told[a.key], a.value, a.key, a.field) if a.key in told else a for a in found]
