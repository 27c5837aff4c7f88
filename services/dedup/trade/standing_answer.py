"""What a caller reads of the terms of the trade."""

from typing import Any

from services.dedup.outcome import Outcome
from services.dedup.trade.standing import NOTHING, Standing


def standing_answer(outcome: Outcome) -> dict[str, Any] | None:
    """Return what the terms said of a lead and what is held for it; None if nothing."""
    if outcome.standing == NOTHING and outcome.hold is None:
        return None
    return {"hold": _hold(outcome), **_said(outcome.standing)}


def _hold(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.hold is None or outcome.held_until is None:
        return None
    return {"hold_id": str(outcome.hold.id), "expires_at": outcome.held_until}


def _said(standing: Standing) -> dict[str, Any]:
    hit, full = standing.hit, standing.full
    return {
        "found_in": [
            {"list_id": str(each.list_id), "name": each.name, "kind": each.kind}
            for each in standing.listed
        ],
        "held_until": standing.held.until if standing.held else None,
        "lookback": {
            "lead_id": str(hit.lead_id),
            "keys": list(hit.keys),
            "days_ago": round(hit.days_ago, 3),
            "within_days": hit.within_days,
        }
        if hit
        else None,
        "forgiven": standing.forgiven,
        "full": {
            "reason": full.reason,
            "of": full.of,
            "resumes_at": full.resumes_at,
        }
        if full
        else None,
    }
