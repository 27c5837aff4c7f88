"""`leadfly check`: what the service would say of a lead, or of every row of a CSV file."""

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from leadfly import csv_input
from leadfly.csv_input import Rejects, note
from leadfly.installation import as_application
from leadfly.progress import Progress
from leadfly.terminal import say
from services.dedup import schema
from services.dedup.answer import answer
from services.dedup.check import MOST_PER_TRANSACTION, Answered, check
from services.dedup.importing import Plan, checked, reason
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared, prepare
from services.dedup.rehearsal import rehearsal
from shared import csv_table
from shared.csv_table import Table
from shared.errors import Malformed, ServiceError, Unavailable
from shared.keyfile import keyring
from shared.lead_fields import FIELDS
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.web.json_body import parsed

SOURCE = "command-line"
"""The source of a lead that names none."""

ADDED = (
    "leadfly_action",
    "leadfly_duplicate_of",
    "leadfly_duplicate_row",
    "leadfly_confidence",
    "leadfly_reason",
    "leadfly_risk",
)
"""What is added to each row; `leadfly_duplicate_row` counts the header as row 1."""

NOT_CHECKED = "not_checked"
"""The action of a row that is no lead; the reason stands beside it."""

OWN_FIELDS = tuple(name for name in FIELDS if name != "country")
"""Fields that have an option; --country is the lead's where it names none."""

Check = Callable[[Sequence[Prepared]], list[Answered]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe a lead by its fields, or the file of one or many."""
    parser.add_argument("table", nargs="?", metavar="LEADS.csv", help="a CSV file, or - for stdin")
    parser.add_argument("-o", "--output", help="the annotated CSV file (default: stdout)")
    parser.add_argument("--file", metavar="LEAD.json", help="one lead as JSON, or - for stdin")
    for name in OWN_FIELDS:
        parser.add_argument(f"--{name.replace('_', '-')}", help="of one lead")
    csv_input.arguments(parser)
    parser.add_argument("--consent-version", help="the consent text that was agreed to")
    parser.add_argument("--dry-run", action="store_true", help="store nothing")
    parser.add_argument("--json", action="store_true", help="print the whole answer")


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Check one lead or a file. Raises Malformed for what is no lead, or no table."""
    given = {name: text for name in OWN_FIELDS if (text := getattr(chosen, name)) is not None}
    if sum((bool(given), chosen.file is not None, chosen.table is not None)) != 1:
        raise Malformed("Give one lead by its fields, or --file LEAD.json, or a CSV file.")
    if chosen.table is not None:
        _check_table(chosen, settings)
    else:
        _check_one(chosen, settings, given)


def _check_one(chosen: argparse.Namespace, settings: Settings, given: dict[str, str]) -> None:
    body = _document(chosen.file) if chosen.file else {"lead_data": given}
    if chosen.source:
        body["source_id"] = chosen.source
    if chosen.consent_version:
        consent = {"purposes": ["lead_processing"], "text_version": chosen.consent_version}
        body["consent"] = consent
    tenant_id = csv_input.tenant(chosen, settings, body.get("user_id"))
    submission = schema.submission(body, raw=orjson.dumps(body), default_source=SOURCE)
    gate = Gate(settings.mode, keyring(settings))
    lead = prepare(gate, tenant_id, submission, csv_input.country(chosen, settings))
    with _checker(chosen, settings, gate, tenant_id) as decide:
        (answered,) = decide([lead])
    if answered.error:
        raise answered.error
    said = orjson.loads(answered.body)
    say(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode() if chosen.json else verdict(said))


def _document(name: str) -> dict[str, Any]:
    with csv_table.opened(name) as file:
        return parsed(file.read())


@contextmanager
def _checker(
    chosen: argparse.Namespace, settings: Settings, gate: Gate, tenant_id: str
) -> Iterator[Check]:
    """Yield what checks up to MOST_PER_TRANSACTION leads, and stores them unless told not to."""
    with ExitStack() as stack:
        database = stack.enter_context(as_application(settings))
        if chosen.dry_run:
            stand_in = stack.enter_context(rehearsal(database, tenant_id))
            yield lambda leads: check(stand_in, gate, tenant_id, leads, _rendered)
        else:
            yield lambda leads: check(database, gate, tenant_id, leads, _rendered)


def _rendered(outcome: Outcome) -> bytes:
    return orjson.dumps(answer(outcome))


def verdict(said: dict[str, Any]) -> str:
    """Return an answer as a person reads it."""
    lines = [f"{said['action_taken']}  (match probability {said['confidence_score']:.3f})"]
    if said["duplicate_of"]:
        lines.append(f"  of lead {said['duplicate_of']}")
    evidence = (said["match_details"] or {}).get("evidence", [])
    lines += [f"  {one['weight']:+6.1f}  {one['explanation']}" for one in evidence]
    risk = said["risk_assessment"]
    factors = ", ".join(risk["risk_factors"]) or "nothing remarkable"
    lines.append(f"  risk {said['risk_level']} ({risk['risk_score']:.2f}): {factors}")
    return "\n".join([*lines, *(f"  {step}" for step in said["next_steps"])])


# A file of leads ---------------------------------------------------------------------------------


def _check_table(chosen: argparse.Namespace, settings: Settings) -> None:
    if chosen.output and chosen.table != "-" and _same(chosen.output, chosen.table):
        raise Malformed("Write to another file than the one that is read.")
    with csv_table.opened(chosen.table) as file:
        table = Table(file, chosen.encoding)
        plan = Plan(
            csv_input.tenant(chosen, settings),
            chosen.source or SOURCE,
            csv_input.country(chosen, settings),
            csv_input.columns(table, chosen.map),
            datetime.now(UTC),
            chosen.consent_version,
        )
        gate = Gate(settings.mode, keyring(settings))
        with (
            _checker(chosen, settings, gate, plan.tenant_id) as decide,
            _output(chosen.output, table) as output,
        ):
            size = 0 if chosen.table == "-" else Path(chosen.table).stat().st_size
            name = chosen.output or ("stdin" if chosen.table == "-" else chosen.table)
            rejects = Rejects(Path(f"{name}.rejected.csv"), table.header)
            _Annotation(table, plan, gate, decide, output, rejects, size).run()


def _same(one: str, other: str) -> bool:
    return Path(one).resolve() == Path(other).resolve()


@contextmanager
def _output(name: str | None, table: Table) -> Iterator[io.TextIOBase]:
    if name is None:
        yield sys.stdout  # type: ignore[misc] # a TextIO, which is one in all that we use
        return
    # Excel takes a UTF-8 file for one only by its mark; who sent UTF-8 without one needs none.
    encoding = "utf-8" if table.encoding == "utf-8" else "utf-8-sig"
    try:
        with open(name, "w", encoding=encoding, newline="") as file:
            yield file
    except OSError as error:
        raise Unavailable(f"{name} cannot be written: {error.strerror}.") from None


class _Annotation:
    """One file on its way: rows in, rows and verdicts out, in order."""

    def __init__(
        self,
        table: Table,
        plan: Plan,
        gate: Gate,
        decide: Check,
        output: io.TextIOBase,
        rejects: Rejects,
        size: int,
    ):
        self._table, self._plan, self._decide, self._size = table, plan, decide, size
        self._rejects = rejects
        self._prepare = partial(prepare, gate, plan.tenant_id, country=plan.country)
        self._writer = csv.writer(output, delimiter=table.delimiter)
        self._rows_of: dict[UUID, int] = {}
        self._counts: Counter[str] = Counter()

    def run(self) -> None:
        """Annotate the table, and say what was found."""
        progress = Progress("checking")
        self._writer.writerow([*self._table.header, *ADDED])
        chunk: list[csv_table.Row] = []
        try:
            for row in self._table.rows():
                if row.fault:
                    self._rejects.add(row.number, row.fault, row.cells)
                    continue
                chunk.append(row)
                if len(chunk) == MOST_PER_TRANSACTION:
                    self._write(chunk)
                    chunk = []
                    share = self._table.position / self._size if self._size else 0.0
                    progress.show(min(1.0, share), f"{self._counts.total():,} rows")
            self._write(chunk)
        except KeyboardInterrupt:
            raise Unavailable("Stopped; what is written is checked.") from None
        finally:
            progress.end()
            self._rejects.close()
            counts = ", ".join(f"{count:,} {action}" for action, count in self._counts.items())
            note(f"{self._counts.total():,} rows checked: {counts}")

    def _write(self, chunk: Sequence[csv_table.Row]) -> None:
        added: dict[int, Sequence[object]] = {}
        prepared: list[tuple[int, Prepared]] = []
        for row in chunk:
            try:
                prepared.append((row.number, self._prepare(checked(self._plan, row.cells))))
            except ServiceError as error:
                added[row.number] = (NOT_CHECKED, "", "", "", reason(error), "")
        answered = self._decide([lead for _, lead in prepared]) if prepared else []
        for (number, _), one in zip(prepared, answered, strict=True):
            added[number] = self._annotation(number, one)
        for row in chunk:
            self._counts[str(added[row.number][0])] += 1
            self._writer.writerow([*row.cells, *added[row.number]])

    def _annotation(self, number: int, one: Answered) -> Sequence[object]:
        said = orjson.loads(one.body)
        original = said["duplicate_of"]
        if said["blocking_reason"] != "duplicate":
            self._rows_of[UUID(said["lead_id"])] = number
        evidence = (said["match_details"] or {}).get("evidence", [])
        because = [sentence["explanation"] for sentence in evidence]
        return (
            said["action_taken"],
            original or "",
            self._rows_of.get(UUID(original), "") if original else "",
            said["confidence_score"],
            ": ".join(filter(None, (said["blocking_reason"], " ".join(because)))),
            said["risk_level"],
        )
