"""Flattening: from any JSON to answers, each with the name that says most.

Senders keep answers as an object (`{"email": …}`), as objects in objects, as lists of pairs
(`[{"label": …, "value": …}]`, in many spellings), as pairs under their id, or as JSON in a text.
What only wraps (`data`, `fields`) is left out of a name; what tells (`owner.email`) stays.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from services.dedup.intake.reading import composites, telephones, values
from services.dedup.intake.reading.definitions import defined, defines, definitions, labels_map
from services.dedup.intake.reading.listed import cast, in_columns, reach_told
from services.dedup.intake.reading.number_boxes import in_one
from services.dedup.intake.reading.packed import unpacked
from services.dedup.intake.reading.pairs import (
    KIND_NAMES,
    answer_of,
    bare,
    in_one_text,
    pair_of,
    tag_of,
    typed,
)
from services.dedup.intake.reading.people import (
    NAMES,
    attending,
    firm_of,
    own_title,
    somebody,
    somebody_named,
)
from services.dedup.intake.reading.sides import SELLER, sellers
from services.dedup.intake.sent import Answer
from shared.labels.label import meaning

MOST = 1000
"""Answers of one payload."""

DEEPEST = 12
"""Levels that are looked into; known senders have 7."""

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
        *("object", "document"),
    )
)
"""Objects that say nothing of what is in them. A text of such a name is an answer like others."""

PEOPLE = frozenset({"contact", "contacts", "lead", "person", "customer", "client", "profile"})
"""Objects in which somebody is described, whatever happened around them."""

_ANYTHING = frozenset({"item", "entity", "resource", "model", "element", "node", "subject"})
_LINE = re.compile(r"^[ \t]*([^:\n]{1,60}?)[ \t]*:[ \t]*(\S[^\n]*)$", re.MULTILINE)
_HEADS = ("headers", "header", "columns", "questions", "labels", "keys", "names", "fieldnames")
_ROWS = ("values", "row", "rows", "data", "answers", "cells", "record", "responses")


def answers(payload: Any) -> list[Answer]:
    """Return what *payload* answers, in its order; [] if nothing. Never raises."""
    known = definitions(payload)
    found = [defined(answer, known) for answer in islice(_flat(payload, (), 0), MOST)]
    return _written_out(in_one(_numbered_names(found)))


def _flat(value: Any, path: tuple[str, ...], level: int) -> Iterator[Answer]:
    if level > DEEPEST:
        return
    if isinstance(value, str):
        packed = unpacked(value)
        if packed is None:
            yield Answer(".".join(path), value, path[-1] if path else "")
            return
        value = packed
    if isinstance(value, dict):
        yield from _object(value, path, level)
    elif isinstance(value, list):
        yield from _list(value, path, level)
    else:
        # What was asked and not answered tells that nobody else's answer is it.
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
    if level and labels_map(value):
        return
    if beside := _side_by_side(value):
        yield from _flat(beside, path, level + 1)
        return
    if path and len(value) <= 12 and _leaf(value):
        kinds = [str(inner) for name, inner in value.items() if bare(name) in KIND_NAMES]
        yield Answer(".".join(path), value, path[-1], typed(kinds[0]) if kinds else "")
        return
    theirs, firm = sellers(value), firm_of(value)
    title = "" if firm else own_title(value)
    for name, inner in value.items():
        if name == title:
            continue
        if name == firm:
            yield Answer("company", inner, name)
            continue
        if name in theirs:
            yield from _flat(inner, (*path, SELLER, name), level + 1)
            continue
        if bare(name) in PEOPLE and (only := _only_a_name(inner)):
            yield Answer(".".join((*path, only)), inner[only], only)
            continue
        if bare(name) in PEOPLE and path and _of_an_event(path) and _people(inner):
            yield from _flat(_numbered(inner), (), level + 1)
            continue
        wraps = isinstance(inner, (dict, list)) or (isinstance(inner, str) and inner[:1] in "{[")
        step = () if not name or (wraps and _says_nothing(name, inner)) else (name,)
        yield from _flat(inner, path + step, level + 1)


def _list(value: list[Any], path: tuple[str, ...], level: int) -> Iterator[Answer]:
    value = [_opened(item) for item in value[:MOST]]
    if not any(isinstance(item, (dict, list)) for item in value):
        if value:
            yield Answer(".".join(path), value, path[-1] if path else "")
        return
    if defines(value):
        return
    if _couples(value):
        yield from _flat(dict(value), path, level + 1)
        return
    if pairs := in_columns(value):
        yield from (Answer(label, said) for label, said in pairs)
        return
    people = attending(reach_told(value, path))
    roles = cast(people)
    for place, item in enumerate(people):
        # A second person in a list is not the lead: a step in the path keeps the two apart.
        step = (str(place + 1),) if place and somebody(item) else ()
        yield from _flat(item, path + ((roles[place],) if roles else step), level + 1)


def _opened(item: Any) -> Any:
    """Return the object that an item of a list is as a text, or the item."""
    found = unpacked(item) if isinstance(item, str) and item[:1] == "{" else None
    return item if found is None else found


def _says_nothing(name: str, inner: Any) -> bool:
    """True for the name of an object that says nothing of what is in it; any, if it is somebody."""
    return bare(name) in WRAPPERS or (bare(name) in _ANYTHING and somebody(inner))


def _of_an_event(path: tuple[str, ...]) -> bool:
    """True if no step of *path* says whose it is, but one says what happened: `event`."""
    told = meaning(".".join((*path, "name")))
    if told.other or told.roles:
        return False
    return (told.loose and told.strange > 0) or meaning(".".join(path)).field == "message"


def _numbered(inner: Any) -> Any:
    """Return somebody whose telephone number is called no more than a number, by its name."""
    if not isinstance(inner, dict):
        return inner
    return {
        "phone" if bare(name) == "number" and telephones.one_number(str(said)) else name: said
        for name, said in inner.items()
    }


def _only_a_name(inner: Any) -> str:
    """Return under which name an object keeps a person's name and nothing else."""
    name = next(iter(inner), "") if isinstance(inner, dict) and len(inner) == 1 else ""
    named = bool(name) and isinstance(inner[name], str) and meaning(name).field in NAMES
    return name if named else ""


def _people(inner: Any) -> bool:
    items = inner[:1] if isinstance(inner, list) else [inner]
    return any(isinstance(item, dict) and somebody_named(item) for item in items)


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
