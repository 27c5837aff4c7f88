"""What callers get back of a service's weights; the API description shows it."""

from marshmallow import fields, validate

from services.matching.catalogue_answer_schema import (
    WeightsShown,
    identifier,
    many,
    moment,
    number,
    succeeded,
    text,
    thing,
    truth,
    whole,
)
from services.matching.weighing import MODES
from shared.answers import Stamped
from shared.fields import Form

SHOWN = validate.Length(max=100)
"""Of what was learned, the latest."""


class ForetoldShown(Form):
    """How well weights foretell outcomes that they were not learned from."""

    log_loss = number("A mean, in nats: 0.69 is a coin's.")
    pair_order = number("Share of pairs, a good outcome and another, that stand in order (AUC).")


class ComparisonShown(Form):
    """What learning came to."""

    accepted = truth("True: better than the usual weights, so it may be put in force.")
    verdict = text("Why, in words.")
    weights = thing(
        "What each criterion gives at most; null: none could be learned.",
        WeightsShown,
        allow_none=True,
    )
    outcomes = whole("From how many outcomes.")
    good = whole("How many of them were good.")
    usual = thing("The usual weights, on what was held out.", ForetoldShown, allow_none=True)
    learned = thing("Those that were learned.", ForetoldShown, allow_none=True)
    gain = number("By how much the log loss falls; below 0 it rises.", allow_none=True)
    gain_error = number("The standard error of that.", allow_none=True)


class SetShown(ComparisonShown):
    """A set of weights that was learned."""

    version = whole("Names it, among those of its service.")
    in_force = truth("True: scores are made with it.")
    learned_at = moment("When: ISO 8601, UTC.")
    learned_by = text("Who asked: the prefix of an API key, `local` or `worker`.")


class InForceShown(Form):
    """Which weights came to hold."""

    version = whole("Of the set; null: the usual weights.", allow_none=True)
    service_version = whole("The version of the service that began with it.")
    changed_at = moment("When.")
    changed_by = text("Who did it.")


class HowMany(Form):
    """Outcomes that could be learned from now."""

    count = whole("All of them, up to 5,000.")
    good = whole("Converted and interested.")
    least = whole("So many it takes.")
    least_of_a_sort = whole("So many good ones it takes, and so many others.")


class WeightsAnswer(Stamped):
    """What holds of a service's weights, and what was learned."""

    success = succeeded()
    service_id = identifier("The service.")
    service_version = whole("Its present version.")
    weights = thing("What each criterion gives at most.", WeightsShown)
    version = whole("Of the set in force; null: the usual weights.", allow_none=True)
    learning = text("What the worker may do.", validate=validate.OneOf(MODES))
    outcomes = thing("What there is to learn from.", HowMany)
    sets = many(
        fields.Nested(SetShown),
        "Those that were learned, the latest first.",
        validate=SHOWN,
    )
    changes = many(fields.Nested(InForceShown), "The latest first.", validate=SHOWN)


class LessonAnswer(Stamped):
    """What learning now came to."""

    success = succeeded()
    service_id = identifier("The service.")
    version = whole("Of the set that was stored; null: none was.", allow_none=True)
    in_force = truth("True: scores are made with it from now on.")
    comparison = thing("What was learned, beside the usual weights.", ComparisonShown)
