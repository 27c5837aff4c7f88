"""What callers get back of silences; the API description shows it."""

from marshmallow import fields

from services.alerts.answer_fields import (
    following,
    identifier,
    many,
    moment,
    succeeded,
    text,
    thing,
    truth,
    whole,
)
from shared.answers import Stamped
from shared.fields import Form


class SilenceShown(Form):
    """A silence."""

    id = identifier("This silence.")
    matchers = thing("Facts that must all be equal.")
    starts_at = moment("When it begins: ISO 8601, UTC.")
    ends_at = moment("When it ends.")
    active = truth("True: it is in force now.")
    comment = text("Why.")
    created_at = moment("When it was asked for.")
    created_by = text("Who did: the prefix of an API key, `local` or `python`.")


class SilenceAnswer(Stamped):
    """One silence."""

    success = succeeded()
    silence = thing("As it stands.", SilenceShown)


class SilencesAnswer(Stamped):
    """A page of silences, oldest first."""

    success = succeeded()
    count = whole("Silences on this page.")
    silences = many(fields.Nested(SilenceShown), "The silences.")
    next_after = following()
