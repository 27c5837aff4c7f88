"""Alerts of one account, sent, listed and dealt with from Python."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lead_discovery.pool import BY, Pool
from services.alerts import alert_answer, dealing, listing, ruling, schema
from services.alerts.acting import Act, snooze_end
from services.alerts.alert_schema import AlertPage, AlertPlace, Assigned, Noted, Snoozed
from services.alerts.dealing import Doer
from services.alerts.desk import Desk
from services.alerts.posting import DIRECT, post
from services.alerts.raising import Raiser
from services.alerts.rule_schema import NewRule
from shared.errors import Malformed
from shared.validation import loaded


class LeadAlertSystem:
    """Raises alerts and shows them, as the webhook and the routes of alerts do.

    Who hears of them is told by the worker, as of all others.
    """

    def __init__(self, db_pool: Pool, *, user_id: str | None = None):
        """*user_id* is the account; absent, `anonymous` where AUTH_MODE is local."""
        desk = db_pool.desk
        self._tenant_id = db_pool.tenant(user_id)
        raiser = Raiser(desk.gate)
        self._desk = Desk(desk.database, desk.gate, desk.country, frozenset(), raiser)

    async def send_lead_alert(
        self,
        lead_id: UUID | str | None,
        alert_type: str,
        title: str,
        message: str = "",
        priority: str = "medium",
    ) -> str | None:
        """Raise an alert as it is and return its id; *lead_id* None: it is about no lead.

        One that is open with the same type, title and lead is counted once more, and its id
        returned. None only if a rule hears the event `alert` and is not met. Raises Malformed and
        NotFound.
        """
        data = {"alert_type": alert_type, "title": title, "priority": priority}
        return await self._raised(DIRECT, lead_id, data | ({"message": message} if message else {}))

    async def send_match_alert(
        self,
        match_id: UUID | str | None,
        lead_id: UUID | str,
        service_id: UUID | str,
        match_score: float,
    ) -> str | None:
        """Raise an alert about a match, urgent from 90 points and high from 75; return its id.

        The rules that hear `high_score_match` decide, if there are any: None if none is met.
        Raises Malformed and NotFound.
        """
        is_number = isinstance(match_score, int | float) and not isinstance(match_score, bool)
        if not is_number or not 0 <= match_score <= 100:  # what is no score would urge nobody
            raise Malformed(details={"match_score": "must be a number from 0 to 100"})
        data = {
            "match_id": str(match_id) if match_id else None,
            "service_id": str(service_id),
            "match_score": match_score,
        }
        return await self._raised("high_score_match", lead_id, data)

    async def setup_alert_rules(self, rules: Sequence[Mapping[str, Any]]) -> list[str]:
        """Store all of *rules*, or none, and return their ids in order.

        Each as POST /alerts/rules takes it. One that is called as a rule of the account becomes
        its next version, if it differs. Raises Malformed and Meaningless, naming rule and field.
        """
        said = _read(rules)
        made = await asyncio.to_thread(ruling.set_up, self._desk, self._tenant_id, said, BY)
        return [str(one.id) for one in made]

    async def get_alerts(
        self,
        status: str | None = None,
        priority: str | None = None,
        alert_type: str | None = None,
        lead_id: UUID | str | None = None,
        limit: int = 100,
    ) -> list[dict[str, Any]]:
        """Return the alerts that are all of that, newest first, at most 1000. Raises Malformed."""
        wanted = {"status": status, "priority": priority, "alert_type": alert_type}
        wanted["lead_id"] = str(lead_id) if lead_id else None
        said = {name: value for name, value in wanted.items() if value is not None}
        asked = loaded(AlertPage(), said | {"limit": limit})
        page = await asyncio.to_thread(
            listing.page, self._desk, self._tenant_id, asked, asked["limit"]
        )
        return [alert_answer.alert(one, page.names) for one in page.alerts]

    async def summary(self) -> dict[str, Any]:
        """Return the alerts of seven days, counted, as GET /alerts/summary does."""
        counted, by_type = await asyncio.to_thread(
            listing.summary, self._desk, self._tenant_id, datetime.now(UTC)
        )
        return alert_answer.summary(counted, by_type)

    async def read(self, alert_id: UUID | str) -> dict[str, Any]:
        """Note that an alert was read; return it, as all acts do.

        All acts raise Malformed, NotFound, and NotFromHere where the alert's status does not allow
        it.
        """
        return await self._dealt(alert_id, Act("read"))

    async def acknowledge(self, alert_id: UUID | str, note: str | None = None) -> dict[str, Any]:
        """Say that somebody has an alert: it stays open, and is told nobody again."""
        return await self._dealt(alert_id, Act("acknowledge"), note)

    async def assign(
        self, alert_id: UUID | str, assigned_to: str | None, note: str | None = None
    ) -> dict[str, Any]:
        """Say who is to look after an alert; None: nobody."""
        said = loaded(Assigned(), {"assigned_to": assigned_to})
        return await self._dealt(alert_id, Act("assign", assigned_to=said["assigned_to"]), note)

    async def snooze(
        self, alert_id: UUID | str, minutes: float, note: str | None = None
    ) -> dict[str, Any]:
        """Put an alert off for *minutes*, at most 30 days."""
        said = loaded(Snoozed(), {"minutes": minutes})
        until = snooze_end(datetime.now(UTC), minutes=said["minutes"])
        return await self._dealt(alert_id, Act("snooze", snoozed_until=until), note)

    async def action(self, alert_id: UUID | str, note: str | None = None) -> dict[str, Any]:
        """Say that an alert was acted on: it ends."""
        return await self._dealt(alert_id, Act("action"), note)

    async def dismiss(self, alert_id: UUID | str, note: str | None = None) -> dict[str, Any]:
        """Say that an alert was worth nothing: it ends."""
        return await self._dealt(alert_id, Act("dismiss"), note)

    async def resolve(self, alert_id: UUID | str, note: str | None = None) -> dict[str, Any]:
        """Say that an alert is no longer so: it ends."""
        return await self._dealt(alert_id, Act("resolve"), note)

    async def _raised(
        self, event: str, lead_id: UUID | str | None, data: Mapping[str, Any]
    ) -> str | None:
        said = {"event": event, "data": dict(data), "lead_id": str(lead_id) if lead_id else None}
        posted = schema.posted(said, None)
        raised = await asyncio.to_thread(post, self._desk, self._tenant_id, posted)
        return str(raised.alert_ids[0]) if raised.alert_ids else None

    async def _dealt(
        self, alert_id: UUID | str, act: Act, note: str | None = None
    ) -> dict[str, Any]:
        wanted = loaded(AlertPlace(), {"alert_id": str(alert_id)})["alert_id"]
        doer = Doer(BY, loaded(Noted(), {"note": note})["note"])
        stored, _ = await asyncio.to_thread(
            dealing.deal, self._desk, self._tenant_id, wanted, act, doer, datetime.now(UTC)
        )
        names = await asyncio.to_thread(listing.names, self._desk, self._tenant_id, [stored])
        return alert_answer.alert(stored, names)


def _read(rules: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return *rules* as their schema loads them. Raises Malformed with all that is wrong."""
    said: list[Mapping[str, Any]] = []
    faults: dict[str, object] = {}
    for number, one in enumerate(rules):
        try:
            said.append(loaded(_NEW, one))
        except Malformed as error:
            faults |= {f"rules[{number}].{name}": what for name, what in error.details.items()}
    if faults:
        raise Malformed(details=faults)
    return said


_NEW = NewRule()
