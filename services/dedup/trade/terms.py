"""Terms: on what conditions an account takes leads of a source, for a buyer, in a campaign.

Terms stand under a scope of three names, each of which may be empty (any). Setting by setting the
most particular scope that says something holds: more names before fewer, then a buyer before a
campaign, and a campaign before a source; the account's own terms come last.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, NamedTuple

from services.dedup.trade.deal import Deal

PERSON, EMAIL, PHONE, ADDRESS, IP = "person", "email", "phone", "address", "ip"
"""What an earlier lead may have in common: `person` is the model's own verdict of one person."""

ANY, ALL = "any", "all"
"""Whether one key is enough or every key must agree."""

SOURCE, BUYER, CAMPAIGN, TENANT, LISTED = "source", "buyer", "campaign", "tenant", "listed"
"""Among which earlier leads: of the same source, buyer or campaign, all, or of named sources."""

REJECT, FLAG, REENGAGE = "reject", "flag", "reengage"
"""What becomes of a lead that comes too early."""


class Scope(NamedTuple):
    """What terms stand for; an empty name is any."""

    source_id: str = ""
    buyer_id: str = ""
    campaign_id: str = ""

    @property
    def whose(self) -> str:
        """Return in a word whose terms these are: of several names, that which counts most."""
        if self.buyer_id:
            return BUYER
        if self.campaign_id:
            return CAMPAIGN
        return SOURCE if self.source_id else "account"


@dataclass(frozen=True, slots=True)
class Lookback:
    """A rule: a lead is a hit if an earlier one is like it, counts, and is not too long ago."""

    within_days: int
    """1 to 36,500; the earlier lead was sent less than so many days of 24 hours before."""
    keys: tuple[str, ...] = (PERSON,)
    match: str = ANY
    across: str = TENANT
    sources: tuple[str, ...] = ()
    """Of whose leads, where `across` is `listed`."""
    against: str = "accepted"
    """`accepted` or `all`: whether leads that were turned away, released or returned count."""
    on_hit: str = REJECT


@dataclass(frozen=True, slots=True)
class Cap:
    """How many leads are taken, of those let through alone."""

    most: int
    """0 or more."""
    per: str
    """`hour`, `day`, `week`, `month` (of the calendar in the terms' zone) or `total`."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When leads are taken on one day of the week; several may stand for one day."""

    day: str
    """`monday` to `sunday`."""
    begins: time
    ends: time
    """Not included; midnight is the end of the day."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one scope, or those that hold for a lead; None: nothing was said."""

    lookback: tuple[Lookback, ...] | None = None
    caps: tuple[Cap, ...] | None = None
    schedule: tuple[Opening, ...] | None = None
    zone: str | None = None
    """An IANA name of a time zone; UTC where nothing was said."""
    return_days: int | None = None
    """Days from a lead's receipt in which its buyer may return it."""
    return_reasons: tuple[str, ...] | None = None
    origin: Mapping[str, Scope] = field(default_factory=dict, compare=False)
    """By the name of a setting, the scope that set it; empty in what is set for one scope."""


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Book:
    """All terms of one account."""

    by_scope: Mapping[Scope, Terms] = field(default_factory=dict)
    lists: bool = False
    """True if the account keeps suppression lists."""
    hashed_pings: bool = False
    """True if leads are to be known by the digests of their addresses and numbers."""

    @property
    def silent(self) -> bool:
        """True if there is nothing to ask or heed."""
        return not (self.by_scope or self.lists)

    def of(self, source_id: str, deal: Deal) -> Terms:
        """Return the terms for a lead of *source_id* under *deal*, and whose each setting is."""
        if not self.by_scope:
            return NO_TERMS
        holding: dict[str, Any] = {}
        origin: dict[str, Scope] = {}
        for scope in covering(Scope(source_id, deal.buyer_id, deal.campaign_id)):
            terms = self.by_scope.get(scope)
            for name in SETTINGS if terms else ():
                value = getattr(terms, name)
                if value is not None and name not in holding:
                    holding[name], origin[name] = value, scope
        return Terms(**holding, origin=origin) if holding else NO_TERMS


def covering(scope: Scope) -> Iterator[Scope]:
    """Yield the scopes whose terms concern a lead of *scope*, the most particular first.

    Three names are more particular than two, and two than one; of as many names, a buyer counts
    before a campaign, and a campaign before a source. The account's own terms come last.
    """
    seen = set()
    for kept in ORDER:
        wider = Scope(*(name if keep else "" for name, keep in zip(scope, kept, strict=True)))
        if wider not in seen:
            seen.add(wider)
            yield wider


NO_BOOK = Book()

ORDER = (
    (True, True, True),
    (False, True, True),
    (True, True, False),
    (True, False, True),
    (False, True, False),
    (False, False, True),
    (True, False, False),
    (False, False, False),
)
"""Which of source, buyer and campaign a scope names, the most particular first."""

SETTINGS = ("lookback", "caps", "schedule", "zone", "return_days", "return_reasons")
"""The names of all settings."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The days of an opening, as `datetime.weekday` counts them."""
