"""A batch of leads: each item read, checked and answered by itself, in the order sent."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from services.dedup import schema
from services.dedup.admission import Keeping
from services.dedup.answer import answer
from services.dedup.check import MOST_PER_TRANSACTION, Answered
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared, prepare
from shared.errors import ServiceError

Fault = Callable[[ServiceError], dict[str, Any]]
"""Renders an error as the envelope's `error`."""


def results(
    keeping: Keeping,
    tenant_id: str,
    items: Sequence[Any],
    country: str,
    default_source: str | None,
    fault: Fault,
) -> list[dict[str, Any]]:
    """Return one answer an item; a faulty item, or a chunk that failed, answers with its error.

    The leads are decided in transactions of at most MOST_PER_TRANSACTION.
    """
    answers: list[dict[str, Any]] = [{} for _ in items]
    prepared: list[tuple[int, Prepared]] = []
    for position, item in enumerate(items):
        try:
            if isinstance(item, ServiceError):
                raise item
            submission = schema.submission(
                item, raw=orjson.dumps(item), default_source=default_source
            )
            prepared.append((position, prepare(keeping.gate, tenant_id, submission, country)))
        except ServiceError as error:
            answers[position] = {"success": False, "error": fault(error)}
    for start in range(0, len(prepared), MOST_PER_TRANSACTION):
        chunk = prepared[start : start + MOST_PER_TRANSACTION]
        for (position, _), result in zip(
            chunk,
            _chunk(keeping, tenant_id, [lead for _, lead in chunk], fault),
            strict=True,
        ):
            answers[position] = result
    return answers


def _chunk(
    keeping: Keeping, tenant_id: str, leads: Sequence[Prepared], fault: Fault
) -> list[dict[str, Any]]:
    try:
        answered = keeping.admit(tenant_id, leads, _rendered)
    except ServiceError as error:
        return [{"success": False, "error": fault(error)} for _ in leads]
    return [_result(one, fault) for one in answered]


def _result(one: Answered, fault: Fault) -> dict[str, Any]:
    if one.error:
        return {"success": False, "error": fault(one.error)}
    return orjson.loads(one.body)


def _rendered(outcome: Outcome) -> bytes:
    return orjson.dumps(answer(outcome))
