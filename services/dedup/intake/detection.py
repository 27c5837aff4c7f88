"""Whose payload is this?"""

from services.dedup.intake.post import Post
from services.dedup.intake.registry import BY_NAME, SENDERS
from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.generic import GENERIC
from shared.errors import Unavailable

ADAPTERS = (*BY_NAME, GENERIC.name)
"""What a source's adapter may be called."""


class UnknownSender(Unavailable):
    """This version knows no sender of that name; nothing was stored, so try again."""


def named(adapter: str) -> Sender:
    """Return the sender of that name.

    Raises UnknownSender for one that another version of ours knew: taken for any other, its posts
    would not be verified.
    """
    sender = GENERIC if adapter == GENERIC.name else BY_NAME.get(adapter)
    if sender is None:
        raise UnknownSender
    return sender


def detected(post: Post, adapter: str | None) -> Sender:
    """Return the sender named *adapter*, or, for None, the first that recognises the payload.

    The generic one, if none does. Raises UnknownSender; and as `Post.payload`, but only for None:
    a named sender's posts are verified before they are read.
    """
    if adapter is not None:
        return named(adapter)
    return next(iter(claimants(post)), GENERIC)


def claimants(post: Post) -> list[Sender]:
    """Return every sender that takes the payload for its own, in the order in which it is asked.

    Raises as `Post.payload` does.
    """
    payload, headers = post.payload, post.headers
    return [sender for sender in SENDERS if sender.recognises(payload, headers)]
