"""Reading: what a caller says of a key, as what the flows take: marked, and nothing in clear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.seen import schema
from services.seen.claim import DAYS, Place, Wanted
from services.seen.key import Key, Unreadable, spelling
from services.seen.marking import mark
from services.seen.schema import EVERYTHING
from services.seen.settling import Settled
from shared.errors import Forbidden, Malformed, ServiceError
from shared.privacy.pseudonym import Keyring
from shared.validation import loaded

NO_SCOPE = {"scope": "is required"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads keys of one account."""

    keyring: Keyring
    tenant_id: str
    country: str
    """Where numbers without a country code are dialled, ISO 3166-1 alpha-2."""

    def wanted(self, said: Mapping[str, Any]) -> Wanted:
        """Return the key that is brought. Raises Malformed."""
        days = said.get("ttl_days") or DAYS
        return Wanted(self._place(said), days, said.get("hold_seconds"))

    def settled(self, said: Mapping[str, Any]) -> Settled:
        """Return the key that is confirmed or released. Raises Malformed."""
        return Settled(self._place(said), said.get("claim_id"))

    def confirmed(self, said: Mapping[str, Any]) -> Settled:
        """Return the key that is confirmed. Raises Malformed."""
        if said.get("claim_id") is None:
            raise Malformed(details={"claim_id": "is required"})
        return self.settled(said)

    def everywhere(self, said: Mapping[str, Any]) -> Settled:
        """Return the key that is released in all scopes, or in its own. Raises Malformed."""
        if not said.get(EVERYTHING):
            return self.settled(said)
        if said.get("scope") is not None or said.get("claim_id") is not None:
            raise Malformed(details={EVERYTHING: "leaves no room for a scope or a claim_id"})
        return self.settled({**said, "scope": ""})

    def _place(self, said: Mapping[str, Any]) -> Place:
        if said.get("scope") is None:
            raise Malformed(details=NO_SCOPE)
        try:
            text = spelling(Key(said.get("key"), said.get("normalize")), self.country)
        except Unreadable as error:
            raise Malformed(details={"key": str(error)}) from None
        return Place(said["scope"], mark(self.keyring, self.tenant_id, text))


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of a batch, each read by itself."""

    sent: Sequence[Any]
    read: Sequence[Any]
    """In their order: what an item asks, or the ServiceError that it is."""

    @property
    def good(self) -> list[Any]:
        """What could be read."""
        return [one for one in self.read if not isinstance(one, ServiceError)]

    def results(self, found: Sequence[Any]) -> list[tuple[Any, Any]]:
        """Return each item's own name with what came of it; *found* is what came of the good."""
        following = iter(found)
        came = [one if isinstance(one, ServiceError) else next(following) for one in self.read]
        return [(schema.item_name(sent), one) for sent, one in zip(self.sent, came, strict=True)]


def seen_batch(reader: Reader, data: Mapping[str, Any]) -> Batch:
    """Return the keys of a batch that come. Raises Malformed."""
    return _batch(reader, loaded(_SEEN, data), _SEEN_ITEM, reader.wanted)


def confirm_batch(reader: Reader, data: Mapping[str, Any]) -> Batch:
    """Return the keys of a batch that are confirmed. Raises Malformed."""
    return _batch(reader, loaded(_SETTLED, data), _SETTLED_ITEM, reader.confirmed)


def release_batch(reader: Reader, data: Mapping[str, Any]) -> Batch:
    """Return the keys of a batch that are released. Raises Malformed."""
    return _batch(reader, loaded(_SETTLED, data), _SETTLED_ITEM, reader.settled)


def _batch(reader: Reader, batch: Mapping[str, Any], form: Any, read: Any) -> Batch:
    def one(item: Any) -> Any:
        if isinstance(item, ServiceError):
            return item
        if isinstance(item, Mapping) and item.get("user_id") not in (None, reader.tenant_id):
            return Forbidden(details={"user_id": "must be the account of the batch"})
        try:
            return read(schema.said(form, item, batch))
        except ServiceError as error:
            return error

    return Batch(batch["items"], [one(item) for item in batch["items"]])


_SEEN, _SETTLED = schema.SeenBatch(), schema.SettledBatch()
_SEEN_ITEM, _SETTLED_ITEM = schema.SeenItem(), schema.SettledItem()
