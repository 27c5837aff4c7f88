"""The channels: every way to reach somebody, by its name, and what all of them send through.

To add one: a file with `checked` and `send`, its line in CHANNELS, and its test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from services.alerts.channels import chats, email, webhook
from services.alerts.channels.channel import BadAddress, Checked, Outcome, Target
from services.alerts.channels.chats import CHATS, Chat
from services.alerts.channels.mailing import Mailing
from services.alerts.message import Message
from shared.outbound import SECONDS, Door

Lane = Literal["mail", "web", "chat"]
"""Threads of their own: what waits for one mail server waits for no chat."""


@dataclass(frozen=True, slots=True)
class Outlets:
    """What this process sends through."""

    door: Door
    mailing: Mailing | None
    """None: the operator has set up no mail server."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach somebody."""

    name: str
    lane: Lane
    checked: Callable[[str, frozenset[str]], Checked]
    """Takes an address and the operator's private hosts that may be reached; raises BadAddress."""
    send: Callable[[Outlets, Target, Message, datetime, float], Outcome]
    """Sends at a moment, within about so many seconds; raises nothing."""
    is_signed: bool = False
    """True: each receiver has a secret of its own, which signs what it is sent."""


def checked(channel: str, address: str, allowed: frozenset[str]) -> Checked:
    """Return *address* as *channel* stores it. Raises BadAddress for what cannot be sent to."""
    if channel not in CHANNELS:
        raise BadAddress(details={"channel": f"must be one of {', '.join(CHANNELS)}"})
    return CHANNELS[channel].checked(address, allowed)


def sent(
    outlets: Outlets,
    channel: str,
    target: Target,
    message: Message,
    now: datetime,
    seconds: float = SECONDS,
) -> Outcome:
    """Send *message* to *target* and return how it was taken, whatever happens."""
    if channel not in CHANNELS:
        return Outcome("refused", None, "This channel is not there any more.")
    return CHANNELS[channel].send(outlets, target, message, now, seconds)


def _by_email(
    outlets: Outlets, target: Target, message: Message, now: datetime, seconds: float
) -> Outcome:
    return email.send(outlets.mailing, target, message, now, seconds)


def _by_webhook(
    name: str, outlets: Outlets, target: Target, message: Message, now: datetime, seconds: float
) -> Outcome:
    return webhook.send(outlets.door, name, target, message, now, seconds)


def _by_chat(
    chat: Chat, outlets: Outlets, target: Target, message: Message, now: datetime, seconds: float
) -> Outcome:
    return chats.send(chat, target.address, message, outlets.door.allowed, seconds)


CHANNELS: Mapping[str, Channel] = {
    channel.name: channel
    for channel in (
        Channel("email", "mail", email.checked, _by_email),
        *(
            Channel(name, "web", webhook.checked, partial(_by_webhook, name), is_signed=True)
            for name in ("webhook", "n8n")
        ),
        *(
            Channel(name, "chat", partial(chats.checked, chat), partial(_by_chat, chat))
            for name, chat in CHATS.items()
        ),
    )
}
"""The dashboard is none of them: it shows every alert, and nothing is delivered to it."""

LANES: tuple[Lane, ...] = ("mail", "web", "chat")
