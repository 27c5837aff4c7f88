"""What the API description says of rules, with examples that work."""

from services.alerts.rule_answer_schema import (
    DryRunAnswer,
    FactsAnswer,
    PrecisionAnswer,
    RemovedRuleAnswer,
    RuleAnswer,
    RulesAnswer,
    RuleVersionsAnswer,
)
from services.alerts.rule_schema import (
    NewRule,
    RehearsalAsked,
    RuleChange,
    RulePage,
    RulePlace,
    RuleVersionPage,
    UnsavedRule,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

API = "/api/v1/lead-discovery/alerts"

PATH = f"{API}/rules"

ONE = f"{PATH}/<rule_id>"

VERSIONS = f"{ONE}/versions"

REHEARSAL, OF_UNSAVED = f"{ONE}/dry-run", f"{PATH}/dry-run"

PRECISION = f"{ONE}/precision"

FACTS = f"{API}/facts"

TAG = "Alerts"

SCOPE = "write:workflows"
"""Of what changes who hears of what."""

READ = "read:leads"
"""Of what shows rules; a dry run cites facts of leads."""

PLAIN = ("X-Request-ID",)

INTENT = {
    "rule_name": "High intent leads",
    "rule_type": "new_lead",
    "conditions": {"min_intent_score": 80, "any": [{"region": "Texas"}, {"industry": "bakery"}]},
    "alert_channels": ["dashboard", "email"],
    "priority": "high",
}

UNKNOWN = INTENT | {"conditions": {"min_intent_scor": 80}}

NEVER = INTENT | {"conditions": {"min_intent_score": 80, "max_intent_score": 20}}

BURST = {
    "rule_type": "custom",
    "events": ["order.cancelled"],
    "conditions": {"count": {"at_least": 3, "minutes": 10}},
    "days": 14,
}


class RuleQuery(RulePage, Account):
    """Which rules, and whose."""


class RuleVersionQuery(RuleVersionPage, Account):
    """Which part of a rule's history, and whose."""


RULE_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Make a rule",
        "From now on each event that it hears and whose facts meet its conditions is an alert. "
        "Conditions, templates, receivers and places are checked at once: what is wrong is named "
        "by where it stands, and nothing is stored.",
        RuleAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewRule,)},
        examples=(
            Example("intent", "New leads with a high intent", INTENT, status=201),
            Example("unknown", "Refused: no such field", UNKNOWN, status=400),
            Example("never", "Refused: never met", NEVER, status=422),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        PATH,
        "Which rules are there?",
        "The account's rules, oldest first.",
        RulesAnswer,
        tag=TAG,
        query=RuleQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        ONE,
        "One rule",
        "The rule as it stands.",
        RuleAnswer,
        tag=TAG,
        places=RulePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "PUT",
        ONE,
        "Change a rule",
        "What the body leaves out stays as it is. Every change is a new version; with `version` it "
        "is refused (409) if somebody changed the rule since you read it.",
        RuleAnswer,
        tag=TAG,
        places=RulePlace,
        query=Account,
        body={JSON: (RuleChange,)},
        examples=(Example("louder", "It is urgent now", {"priority": "urgent"}),),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "DELETE",
        ONE,
        "Remove a rule",
        "It raises nothing more, and is not listed. Alerts that it raised stay.",
        RemovedRuleAnswer,
        tag=TAG,
        places=RulePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        VERSIONS,
        "What was this rule before?",
        "Every version, the latest first, with who made it and when.",
        RuleVersionsAnswer,
        tag=TAG,
        places=RulePlace,
        query=RuleVersionQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "POST",
        REHEARSAL,
        "What would this rule have done?",
        "Tries the rule on the events of the last days, with what is known of their leads now. "
        "Nothing is stored or told.",
        DryRunAnswer,
        tag=TAG,
        places=RulePlace,
        query=Account,
        body={JSON: (RehearsalAsked,)},
        examples=(Example("month", "The last 30 days", {"days": 30, "timezone": "Europe/Berlin"}),),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "POST",
        OF_UNSAVED,
        "What would a rule have done that is not stored?",
        "As for a stored rule; what is wrong with the rule is named in the same way as when it is "
        "made.",
        DryRunAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (UnsavedRule,)},
        examples=(
            Example("intent", "Try it first", INTENT),
            Example("burst", "Three within ten minutes", BURST),
            Example("unknown", "Refused: no such field", UNKNOWN, status=400),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 422, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        PRECISION,
        "How many of its alerts led to something?",
        "Of the alerts of 90 days that were dealt with, or whose lead had a fortnight's time: the "
        "share that was actioned, or whose lead was qualified or converted. Where it is low, "
        "`suggestion` is the bound that would have kept those and dropped others.",
        PrecisionAnswer,
        tag=TAG,
        places=RulePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        FACTS,
        "What can rules look at?",
        "The facts that conditions, groups, templates and silences name, for whoever builds them.",
        FactsAnswer,
        tag=TAG,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
)
"""The routes of rules."""
