"""Whose payload is this: the sender that was named, the first that recognises it, or anybody."""

import pytest

from services.dedup.intake.detection import UnknownSender, claimants, detected
from services.dedup.intake.post import Post
from services.dedup.intake.registry import SENDERS
from services.dedup.intake.senders.generic import GENERIC
from shared.errors import Malformed, Unavailable


def posted(raw, content_type="application/json"):
    return Post(headers={"content-type": content_type}, raw=raw)


def test_what_nobody_claims_is_anybodys():
    post = posted(b'{"frobnicate": "ada@analytical.example"}')

    assert claimants(post) == []
    assert detected(post, None) is GENERIC


@pytest.mark.parametrize("sender", [*SENDERS, GENERIC], ids=lambda sender: sender.name)
def test_a_named_sender_is_asked_nothing(sender):
    unread = posted(b"\xff not read", "image/png")

    assert detected(unread, sender.name) is sender


def test_a_sender_that_this_version_does_not_know_is_nobody_else():
    """Taken for anybody else its posts would not be verified."""
    with pytest.raises(UnknownSender) as refused:
        detected(posted(b"{}"), "of_tomorrow")

    assert isinstance(refused.value, Unavailable)


def test_what_cannot_be_read_is_nobodys():
    with pytest.raises(Malformed):
        detected(posted(b'{"a": '), None)
