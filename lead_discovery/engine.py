"""Investigations and leads, created from Python; pages, read for signals."""

import asyncio
import json
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any, cast
from uuid import UUID

from lead_discovery.pool import BY, Pool
from services.discovery import waiting
from services.discovery.schema import Discover
from services.leads import creating, investigation
from services.leads.creating import New
from services.leads.creation_schema import NewLead
from services.leads.investigation_schema import NewInvestigation
from services.signals.answer import signal
from services.signals.detection import detect
from services.signals.kinds import KINDS
from shared.errors import Malformed
from shared.idempotency import named_key
from shared.validation import loaded
from shared.web.json_body import parsed

Signals = Iterable[Mapping[str, Any]] | Mapping[str, Iterable[Mapping[str, Any]]]
"""Signals as POST /leads takes them; or several lists of them, by whatever names."""


class LeadDiscoveryEngine:
    """Creates investigations and leads of one account, as POST /investigations and /leads do."""

    def __init__(self, db_pool: Pool, *, user_id: str | None = None):
        """*user_id* is the account; absent, `anonymous` where AUTH_MODE is local."""
        self._desk, self._tenant_id = db_pool.desk, db_pool.tenant(user_id)
        self._fetcher, self._discovery = db_pool.fetcher, db_pool.discovery

    async def create_investigation(self, name: str, description: str = "") -> str:
        """Begin an investigation and return its id. Raises Malformed."""
        body, _ = _read({"name": name, "description": description})
        said = loaded(NewInvestigation(), body)
        begun = await asyncio.to_thread(
            investigation.begin, self._desk.database, self._tenant_id, said, BY
        )
        return str(begun.investigation.id)

    async def create_lead(
        self,
        investigation_id: UUID | str | None,
        data: Mapping[str, Any],
        signals: Signals | None = None,
    ) -> str:
        """Check and store a lead and return its id; of somebody known that of their first lead.

        *data* is what POST /leads takes. Raises Malformed, ConsentMissing, NotFound or Conflict
        for the investigation, and Unavailable if the lead could be kept nowhere.
        """
        sent = dict(data) | {"signals": _listed(signals or data.get("signals") or ())}
        if investigation_id is not None:
            sent["investigation_id"] = str(investigation_id)
        body, raw = _read(sent)
        new = cast(New, loaded(NewLead(), body))
        key = named_key(None, body.get("submission_id"))
        made = await asyncio.to_thread(creating.create, self._desk, self._tenant_id, new, key, raw)
        return str(made.lead["id"])

    async def discover_leads(
        self, investigation_id: UUID | str, criteria: Mapping[str, Any]
    ) -> list[str]:
        """Return the ids of the leads that sources know of; they join the investigation.

        *criteria* are what POST /discover takes: `geographic_area`, `radius_km`, `industry`, …,
        `sources`. Asked again, the same leads are found. The worker asks the sources; where none
        runs, this process does. Raises Malformed, NotFound or Conflict for the investigation, and
        Meaningless for a place nobody knows.
        """
        body, _ = _read(dict(criteria) | {"investigation_id": str(investigation_id)})
        order, key = loaded(Discover(), body), named_key(None, body.get("submission_id"))
        found = await asyncio.to_thread(
            waiting.discovered, self._discovery, self._tenant_id, order, BY, key
        )
        return [str(lead_id) for lead_id in found]

    async def scrape_for_signals(
        self, url: str, signal_types: Collection[str] | None = None
    ) -> list[dict[str, Any]]:
        """Return the signals of the page at *url*, the strongest first, as the webhook has them.

        Only those of *signal_types*, if any are named. Nothing is kept. Raises Malformed for a type
        that there is not, and what `shared.pages.faults` says of pages.
        """
        wanted = KINDS.keys() if signal_types is None else frozenset(signal_types)
        if unknown := sorted(wanted - KINDS.keys()):
            raise Malformed(details={"signal_types": f"{len(unknown)} of them are no type of ours"})
        page = await asyncio.to_thread(self._fetcher.fetch, url)
        detection = await asyncio.to_thread(detect, page.text)
        return [signal(one) for one in detection.signals if one.type in wanted]


def _read(sent: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what a program says as strictly read as a request's body, and that body.

    Raises Malformed, for half a surrogate pair or a NUL say.
    """
    raw = json.dumps(sent, default=str).encode()
    return parsed(raw), raw


def _listed(signals: Signals) -> list[Mapping[str, Any]]:
    """Return the signals of one list, or of several."""
    if isinstance(signals, Mapping):
        return list(chain.from_iterable(signals.values()))
    return list(signals)
