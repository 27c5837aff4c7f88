"""Email: one message to one mailbox, as text and as HTML, over the operator's mail server.

Headers hold what is ours or what was made one line before; `email.message` refuses line breaks
in them, and encodes the line ends of other scripts (RFC 5322, section 2.2; RFC 2047). The address
is the only recipient of the envelope, whatever the message says.
"""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

import idna

from services.alerts import templates
from services.alerts.channels.channel import Checked, Outcome, Target, one_line, refused
from services.alerts.channels.mailing import Mailing
from services.alerts.message import Message

LONGEST = 254
"""Characters of an address (RFC 5321, section 4.5.3.1.3, less the angle brackets)."""

LONGEST_LOCAL = 64
"""Bytes before the @ (RFC 5321, section 4.5.3.1.1)."""

_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\]\\.%!]+(?:\.[^\s\"(),:;<>@\[\]\\.%!]+)*")
"""A dot-atom, also of other scripts (RFC 6532), without the routes of old: `%` and `!`."""


def checked(address: str, allowed: frozenset[str]) -> Checked:
    """Return one mailbox's address, its domain in ASCII (IDNA 2008). Raises BadAddress.

    A list of addresses, a display name or a quoted local part is none.
    """
    local, at, domain = one_line(address, LONGEST).rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local.encode()) > LONGEST_LOCAL:
        raise refused("must be one email address such as somebody@example.org")
    try:
        host = idna.encode(domain, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        raise refused("has no domain name after the @") from None
    if "." not in host or not re.search(r"[a-z]", host.rpartition(".")[2]):
        raise refused("has no domain name after the @")
    return Checked(f"{local}@{host}", f"{local[0]}***@{host}")


def send(
    mailing: Mailing | None, target: Target, message: Message, now: datetime, seconds: float
) -> Outcome:
    """Mail *message* to *target*, and return how the server took it."""
    if mailing is None:
        said = "No mail server is set up here: the operator sets SMTP_URL and MAIL_FROM."
        return Outcome("failed", None, said, is_ours=True)
    return mailing.send(letter(mailing.sender, target, message), target.address, seconds)


def letter(sender: Address, target: Target, message: Message) -> EmailMessage:
    """Return the mail, the same at every attempt: its id and date are the notification's."""
    local, _, domain = target.address.rpartition("@")
    letter = EmailMessage(policy=SMTP if target.address.isascii() else SMTPUTF8)
    letter["From"] = sender
    letter["To"] = Address(username=local, domain=domain)
    letter["Subject"] = templates.title(message.subject)
    letter["Date"] = format_datetime(message.at)
    letter["Message-ID"] = f"<{message.id}@{sender.domain}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice answers it
    if target.unsubscribe:
        letter["List-Unsubscribe"] = f"<{target.unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    letter.set_content(message.text(target.unsubscribe), cte="quoted-printable")
    letter.add_alternative(message.html(target.unsubscribe), "html", cte="quoted-printable")
    return letter
