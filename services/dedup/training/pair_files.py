"""Pair files: two leads side by side and whether they are one person's, as CSV or JSON lines.

A CSV file has columns `left_…` and `right_…` for each field of a lead (`left_email`, `right_email`)
and a column `same`; a line of JSON is `{"left": {…}, "right": {…}, "same": true}`. `id` on a side
(`left_id`) names the lead; without one it is known by what it says. `submitted_at` on both sides
lets their time count.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from services.dedup import linkage, record, several
from services.dedup.beside import NOBODY, Beside
from services.dedup.record import Record
from services.dedup.training import fitting
from services.dedup.training.labelled import SAID, LabelledPair
from shared.errors import Malformed
from shared.lead_fields import FIELDS

MOST = 1_000_000
"""Pairs of one file: the patterns of as many fit in memory, and more teach nothing new."""

LABELS = {
    **dict.fromkeys(("1", "true", "yes", "y", "same", "duplicate", "match"), True),
    **dict.fromkeys(("0", "false", "no", "n", "different", "distinct", "non-match"), False),
}
"""What a file may say of a pair, in any case."""

SIDES = ("left", "right")

EXTRA = ("id", "submitted_at")
"""What a side may say beside the fields of a lead."""

Row = tuple[str, Mapping[str, Mapping[str, Any]], object]
"""Its name, what each side says, and the label."""


def of_csv(lines: Iterable[str], country: str) -> list[LabelledPair]:
    """Return the pairs of a CSV file with a header. Raises Malformed, naming rows.

    *country* (ISO 3166-1 alpha-2) reads national numbers of leads that name none.
    """
    rows = csv.DictReader(lines)
    named = {name.strip().casefold(): name for name in rows.fieldnames or ()}
    _check_columns(set(named))
    return _pairs(_csv_rows(rows, named), country)


def of_json_lines(lines: Iterable[str], country: str) -> list[LabelledPair]:
    """Return the pairs of a file with a JSON object a line. Raises as `of_csv`."""
    return _pairs(_json_rows(lines), country)


def _check_columns(named: set[str]) -> None:
    sides = {side: [name for name in named if name.startswith(f"{side}_")] for side in SIDES}
    known = {f"{side}_{field}" for side in SIDES for field in (*FIELDS, *EXTRA)}
    if "same" not in named or not all(set(names) & known for names in sides.values()):
        raise Malformed(
            "A file of pairs has the columns `same`, `left_…` and `right_…`, such as left_email."
        )


def _csv_rows(rows: "csv.DictReader[str]", named: Mapping[str, str]) -> Iterator[Row]:
    columns = [
        (side, name.removeprefix(f"{side}_"), column)
        for name, column in named.items()
        for side in SIDES
        if name.startswith(f"{side}_")
    ]
    for row in rows:
        said: dict[str, dict[str, str]] = {side: {} for side in SIDES}
        for side, field, column in columns:
            said[side][field] = row[column] or ""
        yield f"row {rows.line_num}", said, row[named["same"]]


def _json_rows(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = orjson.loads(line)
            said = {side: dict(found[side]) for side in SIDES}
        except (ValueError, KeyError, TypeError) as error:
            needed = "must be a JSON object with left, right and same"
            raise Malformed(details={f"row {number}": needed}) from error
        yield f"row {number}", said, found.get("same")


def _pairs(rows: Iterable[Row], country: str) -> list[LabelledPair]:
    """Return the pairs of *rows*. Raises Malformed for rows without a label, naming the first."""
    found: list[LabelledPair] = []
    faults: dict[str, str] = {}
    for name, said, label in rows:
        same = label if isinstance(label, bool) else LABELS.get(str(label).strip().casefold())
        if same is None:
            faults[name] = "`same` must be yes or no"
        else:
            found.append(_pair(name, said, same, country))
        if len(faults) == SAID or len(found) > MOST:
            break
    if faults:
        raise Malformed("Some pairs have no label.", details=faults)
    if len(found) > MOST:
        raise Malformed(f"A file of pairs has {MOST:,} at most.")
    return found


def _pair(
    name: str, said: Mapping[str, Mapping[str, Any]], same: bool, country: str
) -> LabelledPair:
    one, other = (_record(said[side], country) for side in SIDES)
    times = [_moment(said[side].get("submitted_at")) for side in SIDES]
    seconds = abs((times[0] - times[1]).total_seconds()) if times[0] and times[1] else None
    left, right = _name(said["left"], one), _name(said["right"], other)
    off: frozenset[str] = frozenset()
    if several.given(one, other):
        one, other, _, whole = several.paired(one, other, NOBODY)
        off = off if whole else frozenset({"fingerprint"})
    match = linkage.compare(one, other, Beside(seconds_apart=seconds), off)
    return LabelledPair(name, left, right, same, fitting.pattern(match))


def _record(said: Mapping[str, Any], country: str) -> Record:
    fields = {name: str(said[name]) for name in FIELDS if said.get(name) not in (None, "")}
    return record.read(fields, country).record


def _name(said: Mapping[str, Any], read: Record) -> str:
    """Return what stands for a lead: its id, or a digest of all that is compared of it."""
    return str(said.get("id") or "").strip() or hashlib.sha256(read.pack()).hexdigest()


def _moment(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else None
