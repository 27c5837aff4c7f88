"""Heads of mails: who sent one, and which addresses in it are our own.

A mailbox that a workflow reads posts `from`, `reply_to` and `to`. Who writes is the lead, unless
a program wrote for them: then answers go to the lead.
"""

from collections.abc import Sequence
from typing import Protocol

from services.dedup.intake.reading import values
from services.dedup.intake.sent import Answer
from shared.labels.label import Meaning
from shared.labels.senses import FROM
from shared.normalize import email

PROGRAMS = (
    *("noreply", "donotreply", "dontreply", "wordpress", "mailer", "notification", "robot"),
    *("bounce", "daemon", "postmaster", "webmaster", "automail", "autoreply", "system"),
)
"""How the local parts of addresses begin that programs send from, without their signs."""

REPLIES = frozenset({"reply to", "replyto"})
SENDERS = frozenset({FROM, "sender", "von", "de"}) | REPLIES


class Sender(Protocol):
    """What is asked of a party (`parties.Party`)."""

    @property
    def roles(self) -> frozenset[str]:
        """The words that name it."""

    @property
    def offers(self) -> frozenset[str]:
        """What is told of it."""

    @property
    def mails(self) -> frozenset[str]:
        """Its addresses."""


def ours(answers: Sequence[Answer], found: Sequence[Meaning]) -> frozenset[str]:
    """Return the hosts of firms' addresses that are somebody else's: whom a mail went to."""
    hosts = set()
    for answer, told in zip(answers, found, strict=True):
        if told.other:
            text = values.text(values.simple(answer.value))
            hosts |= {_host(address) for address in values.mails(text)[:3]}
    return frozenset(hosts - {""})


def programs(address: str) -> bool:
    """Return whether *address* is one that programs send from."""
    local = "".join(c for c in address.partition("@")[0].lower() if c.isalpha())
    return local.startswith(PROGRAMS)


def answers_go_to(roles: frozenset[str]) -> bool:
    """Return whether these roles are of whom answers go to."""
    return bool(roles & REPLIES)


def sent_by_us(party: Sender, ours: frozenset[str]) -> bool:
    """Return whether a sender without a name is at one of *our* hosts: a form's own mail."""
    unnamed = bool(party.roles & SENDERS) and "name" not in party.offers
    return unnamed and any(_host(address) in ours for address in party.mails)


def fits(party: Sender, addressed: bool) -> bool:
    """Return whether a sender may be whose number or name is told apart from it.

    A name beside the address says that it is a person's; or there is no other address (ours, where
    *addressed*) that the mail went to: a field called `email_from`.
    """
    named = {"name", "email"} <= party.offers
    return bool(party.roles & SENDERS) and (named or not addressed)


def _host(address: str) -> str:
    read = email.parse(address)
    return (read.organisation or "") if read else ""
