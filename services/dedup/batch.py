"""A batch of leads: each item read, checked and answered by itself, in the order sent."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from services.dedup import schema
from services.dedup.admission import Keeping
from services.dedup.answer import answer, dry_answer
from services.dedup.check import MOST_PER_TRANSACTION, Answered
from services.dedup.dry_run import NotCompared, dry_run
from services.dedup.options import NO_OPTIONS, Options
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared, prepare
from shared.errors import Forbidden, ServiceError

Fault = Callable[[ServiceError], dict[str, Any]]
"""Renders an error as the envelope's `error`."""

Result = dict[str, Any] | orjson.Fragment
"""An answer as orjson writes it: what was written for the lead already is not read and written
again, a hundred times a batch."""


def results(
    keeping: Keeping,
    tenant_id: str,
    items: Sequence[Any],
    country: str,
    default_source: str | None,
    fault: Fault,
    options: Options = NO_OPTIONS,
    message: str | None = None,
) -> list[Result]:
    """Return one answer an item; a faulty item, or a chunk that failed, answers with its error.

    *message* names the whole batch, and with it each lead that has no name of its own.
    The leads are decided in transactions of at most MOST_PER_TRANSACTION. Raises Unavailable if
    a dry run cannot read what is known.
    """
    answers: list[Result] = [{} for _ in items]
    prepared: list[tuple[int, Prepared]] = []
    for position, item in enumerate(items):
        try:
            _admit(item, tenant_id)
            submission = schema.submission(
                item,
                raw=b"" if options.dry_run else orjson.dumps(item),
                default_source=default_source,
                dry_run=options.dry_run,
            )
            if message and not (submission.idempotency_key or options.dry_run):
                submission = replace(submission, idempotency_key=f"{message}/{position}")
            prepared.append((position, prepare(keeping.gate, tenant_id, submission, country)))
        except ServiceError as error:
            answers[position] = {"success": False, "error": fault(error)}
    leads = [lead for _, lead in prepared]
    tell = _rehearsed if options.dry_run else _checked
    told = tell(keeping, tenant_id, leads, fault, options.explain)
    for (position, _), result in zip(prepared, told, strict=True):
        answers[position] = result
    return answers


def _admit(item: Any, tenant_id: str) -> None:
    """Raise what is wrong with *item* before it is read, another account's name above all."""
    if isinstance(item, ServiceError):
        raise item
    if isinstance(item, dict) and item.get("user_id") not in (None, tenant_id):
        raise Forbidden(details={"user_id": "must be the account of the batch"})


def _rehearsed(
    keeping: Keeping, tenant_id: str, leads: Sequence[Prepared], fault: Fault, explain: bool
) -> list[Result]:
    outcomes = dry_run(keeping.database, keeping.gate, tenant_id, leads, keeping.policies)
    unstored = {str(lead.arrival.lead_id) for lead in leads}
    return [
        {"success": False, "error": fault(NotCompared())}
        if outcome.skipped
        else dry_answer(outcome, explain, unstored)
        for outcome in outcomes
    ]


def _checked(
    keeping: Keeping, tenant_id: str, leads: Sequence[Prepared], fault: Fault, explain: bool
) -> list[Result]:
    return [
        result
        for start in range(0, len(leads), MOST_PER_TRANSACTION)
        for result in _chunk(
            keeping, tenant_id, leads[start : start + MOST_PER_TRANSACTION], fault, explain
        )
    ]


def _chunk(
    keeping: Keeping, tenant_id: str, leads: Sequence[Prepared], fault: Fault, explain: bool
) -> list[Result]:
    try:
        answered = keeping.admit(tenant_id, leads, partial(_rendered, explain=explain))
    except ServiceError as error:
        return [{"success": False, "error": fault(error)} for _ in leads]
    return [_result(one, fault) for one in answered]


def _result(one: Answered, fault: Fault) -> Result:
    if one.error:
        return {"success": False, "error": fault(one.error)}
    return orjson.Fragment(one.body)


def _rendered(outcome: Outcome, explain: bool) -> bytes:
    return orjson.dumps(answer(outcome, explain))
