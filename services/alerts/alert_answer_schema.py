"""What callers get back of alerts; the API description shows it."""

from marshmallow import fields, validate

from services.alerts.alert import MOST_TYPES
from services.alerts.alert_schema import STATUSES
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
    word,
)
from services.alerts.rule import PRIORITIES
from shared.answers import Stamped
from shared.fields import Form

SHOWN = validate.Length(max=1000)
"""Of what became of one alert, the latest."""


class AlertShown(Form):
    """An alert."""

    id = identifier("This alert.")
    alert_type = text("What kind it is: the rule's type, or what was sent.")
    event = text("What happened.")
    title = text("One line.")
    message = text("What happened, and why it is told.")
    priority = word(PRIORITIES, "How urgent it is.")
    status = word(STATUSES, "`new` and `read` are open; the others ended it.")
    lead_id = identifier("The lead; null if it is about none.", allow_none=True)
    rule_id = identifier("The rule that raised it; null: it was sent as it is.", allow_none=True)
    rule_version = whole("Which version of the rule did.", allow_none=True)
    rule_name = text("What the rule is called now; null without one.", allow_none=True)
    facts = thing("Ids, verdicts, scores and places: what silences can match.")
    times = whole("How often it happened while it was open.")
    created_at = moment("When it happened first: ISO 8601, UTC.")
    last_at = moment("When it happened last.")
    read_at = moment("When somebody read it first; null: nobody has.", allow_none=True)
    acknowledged = truth("True: somebody has it. It stays open and is not repeated.")
    acknowledged_at = moment("Since when; null: nobody has.", allow_none=True)
    acknowledged_by = text("Who said so; null: nobody.", allow_none=True)
    assigned_to = text("Who is to look after it; null: nobody.", allow_none=True)
    snoozed_until = moment("Until when it is put off; null: it is not.", allow_none=True)
    ended_at = moment("When it was actioned, dismissed or resolved.", allow_none=True)
    escalate_at = moment("When it escalates if nobody has it until then.", allow_none=True)
    escalated_at = moment("When somebody first heard of it by escalation.", allow_none=True)


class AlertAnswer(Stamped):
    """One alert."""

    success = succeeded()
    alert = thing("As it stands.", AlertShown)


class AlertsAnswer(Stamped):
    """A page of alerts, newest first."""

    success = succeeded()
    count = whole("Alerts on this page.")
    alerts = many(fields.Nested(AlertShown), "The alerts.")
    next_after = following()


class TypeCount(Form):
    """How many alerts of one type there were."""

    alert_type = text("The type.")
    count = whole("How many.")


class SummaryAnswer(Stamped):
    """The alerts of seven days, counted."""

    success = succeeded()
    days = whole("How many days are counted: 7.")
    total_alerts = whole("Those that happened within 7 days.")
    new_alerts = whole("Of these, those that nobody read.")
    read_alerts = whole("Those that were read, and still stand open.")
    actioned_alerts = whole("Those that somebody acted on.")
    urgent_alerts = whole("Those of priority urgent.")
    high_priority_alerts = whole("Those of priority high.")
    type_breakdown = many(
        fields.Nested(TypeCount),
        "By type, the most frequent first.",
        validate=validate.Length(max=MOST_TYPES),
    )


class ActedAnswer(Stamped):
    """What an alert is, after something was done with it."""

    success = succeeded()
    alert_id = identifier("The alert.")
    status = word(STATUSES, "Its status by now.")
    changed = truth("False: it was like that before, and nothing was noted.")
    alert = thing("As it stands.", AlertShown)


class LeftShown(Form):
    """An alert with which it could not be done."""

    alert_id = identifier("The alert.")
    reason = text("Why: it is not there, or its status does not allow it.")


class SeveralAnswer(Stamped):
    """What was done with several alerts."""

    success = succeeded()
    count = whole("Alerts that are now as was asked.")
    changed = whole("Those of them that were not before.")
    alert_ids = many(fields.UUID(), "Alerts that are now as was asked.")
    left = many(fields.Nested(LeftShown), "Those that could not be changed, with the reason.")


class ActionShown(Form):
    """Something that somebody did with an alert."""

    action = text("read, acknowledge, assign …")
    note = text("Why, in their words; null: nothing was said.", allow_none=True)
    details = thing("`assigned_to`, `snoozed_until`.")
    done_at = moment("When.")
    done_by = text("Who: the prefix of an API key, `local` or `python`.")


class DecisionShown(Form):
    """Why a receiver was told, or not."""

    receiver_id = identifier("The receiver.")
    receiver_name = text("What it is called; null: it is there no more.", allow_none=True)
    word = text("`sent`, `silenced`, `quiet_hours`, `told_already` …")
    meaning = text("The same as a sentence.")
    again_at = moment("When it is looked at again, if nothing happens before.", allow_none=True)
    decided_at = moment("When.")


class ToldShown(Form):
    """A notification that tells of an alert."""

    notification_id = identifier("The same in every copy of it.")
    receiver_id = identifier("To whom.")
    receiver_name = text("What the receiver is called.")
    channel = text("By which channel.")
    reason = text("Why it was sent: first, more, repeat, digest, escalation or storm.")
    alert_count = whole("Alerts that it tells of.")
    status = text("pending, sent, failed or dropped.")
    attempts = whole("How often it was tried.")
    last_status = whole("What was answered last; null: nothing.", allow_none=True)
    last_error = text("Why the latest attempt failed, in words.", allow_none=True)
    created_at = moment("When it was put on its way.")
    next_try_at = moment("When it is tried next; null if it is not.", allow_none=True)
    ended_at = moment("When it was sent or given up.", allow_none=True)


class HistoryAnswer(Stamped):
    """What became of an alert."""

    success = succeeded()
    alert_id = identifier("The alert.")
    actions = many(
        fields.Nested(ActionShown), "What people did with it, the latest first.", validate=SHOWN
    )
    decisions = many(
        fields.Nested(DecisionShown),
        "Who was told or not, and why, the latest first.",
        validate=SHOWN,
    )
    notifications = many(
        fields.Nested(ToldShown), "What was sent of it, the latest first.", validate=SHOWN
    )
