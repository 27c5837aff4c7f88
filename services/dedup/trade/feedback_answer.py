"""What callers read of feedback and rates."""

from datetime import UTC, datetime
from typing import Any

from services.dedup.trade.feedback import CONVERSION, RETURN
from services.dedup.trade.feedback_answer_schema import MOST_REASONS
from services.dedup.trade.feedback_rates import Rate, Tallied
from services.dedup.trade.feedback_store import Given


def feedback(given: Given) -> dict[str, Any]:
    """Return one word on a lead; its note must be opened."""
    said = given.said
    return {
        "id": given.id,
        "lead_id": given.lead_id,
        "type": said.type,
        "reason": said.reason,
        "buyer_id": said.buyer_id or None,
        "duplicate_of": said.duplicate_of,
        "note": said.note,
        "at": _utc(said.at),
        "value": None if said.value is None else float(said.value),
        "currency": said.currency,
        "given_at": _utc(given.given_at),
        "given_by": given.given_by,
        "undone_at": _utc(given.undone_at),
        "undone_by": given.undone_by,
    }


def rates(row: Tallied) -> dict[str, Any]:
    """Return what became of the leads of one source, or source and buyer."""
    counted = [
        (leads, kind, reason)
        for kind, by_reason in row.said.items()
        for reason, leads in by_reason.items()
    ]
    counted.sort(key=lambda each: (-each[0], each[1], each[2]))
    return {
        "source_id": row.source_id,
        "buyer_id": row.buyer_id,
        "leads": row.taken,
        "returns": row.of_type(RETURN),
        "conversions": row.of_type(CONVERSION),
        "return_rate": _rate(row.rate(RETURN)),
        "conversion_rate": _rate(row.rate(CONVERSION)),
        "reasons": [
            {"type": kind, "reason": reason or None, "leads": leads}
            for leads, kind, reason in counted[:MOST_REASONS]
        ],
    }


def _rate(rate: Rate | None) -> dict[str, float] | None:
    return None if rate is None else {"share": rate.share, "low": rate.low, "high": rate.high}


def _utc(at: datetime | None) -> datetime | None:
    """Return *at* in UTC: the server's time zone is nobody's business."""
    return at and at.astimezone(UTC)
