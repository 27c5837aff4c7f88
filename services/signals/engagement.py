"""What mail services tell of their mails: delivered, opened, clicked, bounced, unsubscribed.

Pure. SendGrid posts a list of events, Mailgun one `event-data`, everybody else an object or a list
of `{email, event, timestamp, url?}` (Twilio SendGrid, Event Webhook Reference; Mailgun, Webhooks
and Open and Click Bot Detection). What a machine opened or clicked is nobody's interest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.signals.behaviour import high_value
from services.signals.behaviour_event import Event, Ignored, Unreadable, moment, named, plain
from shared.errors import Malformed
from shared.normalize.email import Email
from shared.normalize.mailbox import mailbox as meant

MOST_EVENTS = 5000
"""Events of one request."""

OBJECTIONS = frozenset({"email_unsubscribe", "email_complaint"})
"""Who does this objects to being written to (GDPR Art. 21(2)): it counts without a consent."""

NEUTRAL = frozenset({"processed", "accepted", "deferred", "sent", "queued", "stored"})
"""What a mail service did, and nobody else: counted, never kept."""

KEPT = frozenset({"email_open", "email_click", "email_reply", "email_bounce", "form_submit"})
"""What somebody did with a mail, and that an address does not work. That a mail arrived says
nothing of them."""

NOBODYS = "its email is a placeholder, which stands for no lead: put it on a suppression list"
"""Why an objection is not kept: leads that give `nobody@…` share nothing, so none is found."""

LONGEST_ID = 255
"""Characters of a sender's name for an event."""

INSIDE = "event-data"
"""Where Mailgun puts the event; beside it stands its signature."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """One event of one mail."""

    mailbox: str
    """The address it went to, in its canonical spelling."""
    event: Event | None
    """None of what the mail service alone did."""
    name: str
    """The sender's own for it; "" without one."""
    machine: bool = False
    """True if a program opened or clicked it."""

    @property
    def objection(self) -> bool:
        """True if the person objects by it."""
        return self.event is not None and self.event.type in OBJECTIONS

    @property
    def interest(self) -> bool:
        """True if it is to be kept where the person agreed to that."""
        return self.event is not None and self.event.type in KEPT and not self.machine

    @property
    def high_value(self) -> bool:
        """True if a salesperson should look today."""
        return self.interest and self.event is not None and high_value(self.event)


@dataclass(frozen=True, slots=True)
class Engagements:
    """What a request holds, and what could not be read of it."""

    engagements: tuple[Engagement, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def sent(data: Mapping[str, Any]) -> Sequence[Any]:
    """Return the events that a body holds: its `events`, or the body itself as the only one.

    Raises Malformed if there are none, or more than MOST_EVENTS.
    """
    events = data.get("events")
    if events is None and (INSIDE in data or "event" in data or "email" in data):
        return [data]
    if isinstance(events, Mapping):
        return [events]
    if not isinstance(events, list):
        raise Malformed(details={"events": "must be a list of events"})
    if len(events) > MOST_EVENTS:
        raise Malformed(details={"events": f"must be at most {MOST_EVENTS}"})
    return events


def read(entries: Sequence[Any]) -> Engagements:
    """Return what *entries* say, in the order sent; a faulty one is ignored with the reason."""
    engagements, ignored = [], []
    for position, entry in enumerate(entries):
        try:
            engagements.append(_engagement(entry))
        except Unreadable as error:
            ignored.append(Ignored(position, str(error)))
    return Engagements(tuple(engagements), tuple(ignored))


def _engagement(entry: object) -> Engagement:
    if isinstance(entry, Malformed):
        raise Unreadable("is no JSON that can be read: " + "; ".join(map(str, entry.details)))
    if not isinstance(entry, Mapping):
        raise Unreadable("must be an object")
    inside = entry.get(INSIDE, entry)
    if not isinstance(inside, Mapping):
        raise Unreadable(f"its {INSIDE} must be an object")
    mail, kind = _mail(inside), _kind(inside)
    mailbox = mail.canonical
    if mail.filler and kind in OBJECTIONS:
        raise Unreadable(NOBODYS)
    if kind is None:
        return Engagement(mailbox, None, _name(inside))
    event = Event(
        kind,
        _at(inside, kind),
        url=_text(inside, "url", "link", "click_url"),
        name=_text(inside, "subject", "campaign", "marketing_campaign_name"),
    )
    return Engagement(mailbox, event, _name(inside), _by_machine(inside))


def _mail(entry: Mapping[Any, Any]) -> Email:
    """Return whom a mail went to. Raises Unreadable."""
    mail = meant(_text(entry, "email", "recipient", "to", "email_address"))
    if mail is None:
        raise Unreadable("its email is no address")
    return mail


def _kind(entry: Mapping[Any, Any]) -> str | None:
    """Return the type of event; None for what concerns nobody. Raises Unreadable."""
    word = _text(entry, "event", "event_type", "type", "status")
    if word.lower() in NEUTRAL or entry.get("severity") == "temporary":
        return None
    kind = named(word)
    if kind is None or not (kind.startswith("email_") or kind in ("form_submit", "click")):
        raise Unreadable("its event is none that we know")
    if kind == "email_bounce" and "unsubscribed" in _text(entry, "reason").lower():
        return "email_unsubscribe"  # dropped, for they had unsubscribed before
    return "email_click" if kind == "click" else kind


def _at(entry: Mapping[Any, Any], kind: str) -> datetime | None:
    for name in ("timestamp", "at", "time", "occurred_at", "date"):
        if name in entry:
            try:
                return moment(entry[name])
            except Unreadable:
                if kind in OBJECTIONS:
                    return None  # whenever it was, it is an objection
                raise
    return None


def _name(entry: Mapping[Any, Any]) -> str:
    return _text(entry, "sg_event_id", "id", "event_id")[:LONGEST_ID]


def _by_machine(entry: Mapping[Any, Any]) -> bool:
    """True for Apple's privacy proxy, image proxies and scanners, as far as the sender saw it."""
    client = entry.get("client-info")
    bot = client.get("bot") if isinstance(client, Mapping) else None
    told = (entry.get("sg_machine_open"), entry.get("machine"), entry.get("machine_open"), bot)
    return any(one not in (None, False, "", 0, "false") for one in told)


def _text(entry: Mapping[Any, Any], *names: str) -> str:
    return next((text for name in names if (text := plain(entry.get(name)))), "")
