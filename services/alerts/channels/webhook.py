"""Webhooks: JSON by HTTP to an address that an account names, signed by Standard Webhooks.

The door (`shared.outbound`) looks where the address leads at every request, follows nothing, and
keeps time. n8n's webhook triggers are addressed alike, and can check a fixed header by themselves
("Header Auth"): theirs carry the secret as a bearer token, too.
"""

from datetime import datetime

from services.alerts.channels.channel import FINAL, Checked, Outcome, Target, outcome, refused
from services.alerts.message import Message
from shared import destination
from shared.outbound import Door, Refused, Unreachable
from shared.signature import sign

OF_N8N = FINAL - {404}
"""n8n answers 404 while a workflow is being edited or n8n starts: that passes."""

FINAL_OF = {"webhook": FINAL, "n8n": OF_N8N}


def checked(address: str, allowed: frozenset[str]) -> Checked:
    """Return a URL as it is stored. Raises BadAddress for one that may not be asked."""
    try:
        found = destination.read(address, allowed)
    except destination.Refused as error:
        raise refused(str(error.details["url"])) from None
    port = "" if found.port == destination.DEFAULT_PORTS[found.scheme] else f":{found.port}"
    return Checked(address, f"{found.scheme}://{found.host}{port}/…")


def send(
    door: Door, channel: str, target: Target, message: Message, now: datetime, seconds: float
) -> Outcome:
    """Post *message*, and return how it was taken; within *seconds*."""
    headers = signed(message, target.secret, now)
    if channel == "n8n" and target.secret:
        headers["Authorization"] = f"Bearer {target.secret}"
    try:
        answer = door.send("POST", target.address, headers, message.body, seconds)
    except Refused as error:
        return Outcome("failed", None, f"The address {error.details['url']}.")
    except Unreachable as error:
        return Outcome("failed", None, error.message)
    return outcome(answer.status, answer.retry_after, now, FINAL_OF[channel])


def signed(message: Message, secret: str | None, now: datetime) -> dict[str, str]:
    """Return the headers of an attempt: the id is the notification's, at every attempt the same."""
    headers = {
        "Content-Type": "application/json",
        "webhook-id": str(message.id),
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if secret:
        headers["webhook-signature"] = sign(secret, str(message.id), now, message.body)
    return headers
