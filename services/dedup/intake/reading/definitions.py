"""Definitions: what a form says about its fields apart from the answers.

As a list of fields, each with its id and label, or as an object of labels by id (`{"q1": "Your
name"}`): both tell what the answers are that stand elsewhere under bare ids.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.dedup.intake.reading.packed import unpacked
from services.dedup.intake.reading.pairs import (
    ANSWERING,
    KEYS,
    KIND_NAMES,
    LABELS,
    VALUES,
    bare,
    told,
    typed,
)
from services.dedup.intake.sent import Answer
from shared.labels.label import meaning

MOST = 1000
"""Fields of one list that are looked at."""

DEEPEST = 12
"""Levels that are looked into."""

LEAST_TOLD = 2
"""Labels that must be known for a bare list or object of texts to be one of labels."""

LONGEST_LABEL = 200
"""Characters of a label; a longer text is an answer."""

_CONTACT = frozenset(
    (
        *("email", "phone", "contact", "name", "full_name", "first_name", "last_name"),
        *("company", "job_title", "message"),
    )
)


_PAIRS = frozenset((*LABELS, *KIND_NAMES)) | ANSWERING


class Definition(NamedTuple):
    """What a form says about one of its fields apart from the answer."""

    label: str
    field: str


def definitions(payload: Any) -> dict[str, Definition]:
    """Return what the lists and objects of labels in *payload* say, by the fields' ids."""
    return dict(_within(payload, 0))


def defined(answer: Answer, known: Mapping[str, Definition]) -> Answer:
    """Return *answer* under its label, if the form says so elsewhere and it has none of its own."""
    said = known.get(answer.key) or known.get(answer.name)
    bare_name = answer.name in ("", answer.key) or answer.name.endswith(f".{answer.key}")
    if not said or not bare_name:
        return answer
    return Answer(said.label, answer.value, answer.key or answer.name, answer.field or said.field)


def defines(value: Sequence[Any]) -> bool:
    """Return whether a list describes a form's fields, and holds no answers."""
    if not all(isinstance(item, dict) for item in value):
        return False
    if all(_definition(item) for item in value):
        return True
    bare_ones = [_bare_definition(item) for item in value]
    return all(bare_ones) and labels_told(label for _, label in filter(None, bare_ones))


def labels_map(value: Mapping[str, Any]) -> bool:
    """Return whether an object holds labels by the ids of fields, and no answers."""
    if len(value) < LEAST_TOLD or not all(isinstance(each, str) for each in value.values()):
        return False
    if any("@" in each or len(each) > LONGEST_LABEL for each in value.values()):
        return False
    # What is called as a lead's fields are is one answer a name; a pair is no map.
    if any(meaning(name).field in _CONTACT or bare(name) in _PAIRS for name in value):
        return False
    return labels_told(value.values())


def labels_told(labels: Iterable[str]) -> bool:
    """Return whether of *labels* two at least, and most of some, ask for a lead's fields."""
    every = [each for each in labels if each and each[:1] not in "+0123456789"]
    known = [field for each in every if (field := meaning(each).field) in _CONTACT]
    return len(set(known)) >= LEAST_TOLD and 3 * len(known) >= len(every)


def _within(value: Any, level: int) -> Iterator[tuple[str, Definition]]:
    if isinstance(value, str) and level and '"' in value:
        value = unpacked(value)
    if level > DEEPEST or not isinstance(value, (dict, list)):
        return
    if isinstance(value, dict) and level and labels_map(value):
        yield from ((key, Definition(label.strip(), "")) for key, label in value.items())
        return
    if isinstance(value, list) and defines(value):
        bare_ones = (_bare_definition(item) for item in value[:MOST])
        yield from ((key, Definition(label, "")) for key, label in filter(None, bare_ones))
    for item in value.values() if isinstance(value, dict) else value[:MOST]:
        found = _definition(item) if isinstance(item, dict) else None
        if found and isinstance(item, dict):
            yield found
            yield from _boxes(item, found[1].label)
        yield from _within(item, level + 1)


def _definition(item: dict[str, Any]) -> tuple[str, Definition] | None:
    names = {bare(name): name for name in item}
    if any(name in names for name in ANSWERING) or not names.keys() & set(KIND_NAMES):
        return None
    if any(isinstance(inner, dict) and "value" in inner for inner in item.values()):
        return None
    key = next((told(item[names[name]]) for name in KEYS if name in names), "")
    label = next((told(item[names[name]]) for name in LABELS[:4] if name in names), "")
    kind = next((str(item[names[name]]) for name in KIND_NAMES if name in names), "")
    return (key, Definition(label, typed(kind))) if key and label else None


def _bare_definition(item: dict[str, Any]) -> tuple[str, str] | None:
    """Return id and label of a field that is described by hardly more: no type, no answer."""
    names = {bare(name): name for name in item}
    if any(name in names for name in VALUES):
        return None
    key_name = next((name for name in KEYS if name in names), "")
    key = told(item[names[key_name]]) if key_name else ""
    label = next((told(item[names[n]]) for n in LABELS if n in names and n != key_name), "")
    return (key, label) if key and label else None


def _boxes(item: dict[str, Any], label: str) -> Iterator[tuple[str, Definition]]:
    """Yield what a field's definition says about the boxes within it: `Name`, box `First`."""
    lists = [each for each in item.values() if isinstance(each, list)]
    for box in (each for boxes in lists for each in boxes if isinstance(each, dict)):
        names = {bare(name): name for name in box}
        key = next((told(box[names[name]]) for name in KEYS if name in names), "")
        own = next((told(box[names[name]]) for name in LABELS[:4] if name in names), "")
        if key and own and not names.keys() & set(KIND_NAMES):
            yield key, Definition(f"{label} {own}", "")
