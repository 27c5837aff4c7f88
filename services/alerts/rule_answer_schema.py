"""What callers get back of rules; the API description shows it."""

from marshmallow import fields, validate

from services.alerts.answer_fields import (
    following,
    identifier,
    many,
    moment,
    share,
    succeeded,
    text,
    thing,
    truth,
    whole,
    word,
)
from services.alerts.rule import PRIORITIES, RULE_TYPES
from shared.answers import Stamped
from shared.fields import Form


class EscalationShown(Form):
    """Who hears of an alert that nobody acknowledged in time."""

    after_minutes = whole("So long after it came.")
    receivers = many(fields.UUID(), "Receivers.")


class DefinitionShown(Form):
    """What the owner of a rule says of it."""

    rule_name = text("What people call it.")
    rule_type = word(tuple(RULE_TYPES), "What kind of event it is about.")
    conditions = thing("As they were said; empty: each event.")
    events = many(fields.String(), "Events that it names; empty: those of the type.")
    priority = word(
        PRIORITIES, "low, medium, high or urgent; null: by what happened.", allow_none=True
    )
    alert_channels = many(fields.String(), "Channels that hear of it.")
    receivers = many(fields.UUID(), "Receivers that hear of it.")
    group_by = many(fields.String(), "Facts by which alerts are told apart.")
    group_wait_seconds = whole("How long the first of a group waits for others.")
    group_interval_seconds = whole("After which more of the group are told.")
    repeat_interval_seconds = whole("After which the same is told again; 0: never.")
    escalation = thing("Null: nobody.", EscalationShown, allow_none=True)
    title = text("A template; null: that of the event.", allow_none=True)
    message = text("A template; null: that of the event.", allow_none=True)
    is_active = truth("False: it raises nothing.")


class RuleShown(DefinitionShown):
    """A rule."""

    id = identifier("This rule.")
    version = whole("1, and one more with every change.")
    understood = thing("What its conditions were understood as: places and trades were looked up.")
    heard = many(fields.String(), "Events that it looks at.")
    created_at = moment("When it was made: ISO 8601, UTC.")
    created_by = text("Who did: the prefix of an API key, `local` or `python`.")
    changed_at = moment("When this version began.")
    changed_by = text("Who made it.")


class RuleVersionShown(DefinitionShown):
    """What a rule once was."""

    version = whole("Which.")
    changed_at = moment("When it began.")
    changed_by = text("Who made it.")


class RuleAnswer(Stamped):
    """One rule."""

    success = succeeded()
    rule = thing("As it stands.", RuleShown)


class RulesAnswer(Stamped):
    """A page of rules, oldest first."""

    success = succeeded()
    count = whole("Rules on this page.")
    rules = many(fields.Nested(RuleShown), "The rules.")
    next_after = following()


class RemovedRuleAnswer(Stamped):
    """A rule that is there no more."""

    success = succeeded()
    rule_id = identifier("The rule that was removed.")


class RuleVersionsAnswer(Stamped):
    """A page of a rule's versions, the latest first."""

    success = succeeded()
    rule_id = identifier("The rule.")
    count = whole("Versions on this page.")
    versions = many(fields.Nested(RuleVersionShown), "The versions.")
    next_before = whole(
        "What to send as `before` for the next page; null on the last.", allow_none=True
    )


class DayShown(Form):
    """One day of a dry run."""

    day = fields.Date(required=True, metadata={"description": "Which, in the time zone asked for."})
    fired = whole("How often it would have fired.")


class RehearsedShown(Form):
    """One event that would have fired."""

    event_id = identifier("The event.")
    lead_id = identifier("Its lead; null if it has none.", allow_none=True)
    occurred_at = moment("When it happened.")
    why = many(fields.String(), "Why the rule was met, in sentences that cite values.")


class DryRunShown(Form):
    """What a rule would have done."""

    in_words = text("The same as a sentence: `would have fired 14 times last week`.")
    fired = whole("How often it would have fired.")
    alerts = whole("Different alerts, were none of them ended in between.")
    looked_at = whole("Events of the kinds that it hears.")
    undecided = whole("Events of which not enough was known to say.")
    truncated = truth("True: there were more events than are looked at; the latest were.")
    days = many(fields.Nested(DayShown), "How often on each day, oldest first.")
    examples = many(fields.Nested(RehearsedShown), "At most 10, the latest first.")


class DryRunAnswer(Stamped):
    """What a rule would have done."""

    success = succeeded()
    rule_id = identifier("The rule; null if it is not stored.", allow_none=True)
    dry_run = thing("What would have come of it.", DryRunShown)


class SuggestionShown(Form):
    """A condition that would have told less for nothing."""

    condition = text("As `min_intent_score`.")
    value = fields.Float(required=True, metadata={"description": "What to set it to."})
    text = text("Why, in numbers.")


class PrecisionShown(Form):
    """How many of a rule's alerts led to something."""

    alerts = whole("Alerts that were looked at: those of 90 days, the latest 1,000.")
    judged = whole("Those of which it is known by now.")
    led = whole("Those that led to something: actioned, or the lead was qualified or converted.")
    low = share("Between this …")
    high = share("… and this the share lies, with 95 % confidence (Wilson).")
    share = share("`led` of `judged`; null: none was judged yet.", allow_none=True)


class PrecisionAnswer(Stamped):
    """How many of a rule's alerts led to something."""

    success = succeeded()
    rule_id = identifier("The rule.")
    precision = thing("How many.", PrecisionShown)
    suggestion = thing(
        "What would raise it; null where nothing is worth it.", SuggestionShown, allow_none=True
    )


class FactShown(Form):
    """Something that rules can look at."""

    name = text("What conditions and templates call it.")
    sort = text("`number`, `text`, `word`, `list`, `flag`, `industry`, `country` or `any`.")
    meaning = text("What it is.")
    origin = text("Who tells it: `event`, `lead`, or the workflow's `data`.")
    values = many(fields.String(), "All that a word can be; else empty.")
    least = fields.Float(
        required=True, allow_none=True, metadata={"description": "Of a number; null: any."}
    )
    most = fields.Float(
        required=True, allow_none=True, metadata={"description": "Of a number; null: any."}
    )
    events = many(fields.String(), "Events that tell it; empty: any.")
    is_kept = truth("True: it is kept with the alert, so a silence can match it.")


class FactsAnswer(Stamped):
    """What rules can look at."""

    success = succeeded()
    count = whole("Facts.")
    facts = many(
        fields.Nested(FactShown),
        "The facts. A workflow's own are `data.<name>`.",
        validate=validate.Length(max=1000),
    )
    other_names = thing("Other names of facts, by what they stand for.")
    rule_types = thing("The events that each type of rule hears.")
