"""Risk: how much a submission looks like a machine's or a joker's, apart from duplicates.

Independent factors combine as probabilities do: 1 - product of (1 - weight).
A lone weak factor therefore stays low, and two strong ones are high. The
weights are set so that the contract's rules hold: a personal domain alone is
low, a disposable one alone is medium, disposable plus a strong factor is high.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import field

from shared.frozen import frozen
from shared.normalize import filler
from shared.normalize.email import Email, typo_domain
from shared.normalize.phone import Phone

MEDIUM, HIGH, REJECT = 0.3, 0.6, 0.8
"""Risk cuts of the contract: below MEDIUM is low; from HIGH a lead is flagged; from REJECT the
velocity and spam rules, and only they, turn it away."""

VELOCITY_LIMIT = 10
"""Leads a minute and address (contract)."""

SAME_IP_LEADS = 4
"""Leads from one address within an hour that make it a factor: a household stays under."""

BULK_LEADS = 3
"""Leads of one name and company within a minute, each with other contact data."""

HASTY_FILL_MS = 1500
"""Nobody reads and fills a form with two fields in less (milliseconds)."""

WEIGHTS = {
    "disposable_email": 0.45,
    "personal_email": 0.1,
    "bulk_submission_pattern": 0.45,
    "same_ip_multiple_leads": 0.3,
    "form_spam_indicators": 0.5,
    "velocity_anomaly": 0.85,
    "incomplete_data": 0.15,
    "suspicious_format": 0.3,
    "invalid_format": 0.35,
}
"""Probability that a lead with this factor alone is not meant seriously."""

HONEYPOT = 0.85
"""Weight of a filled honeypot: the field is invisible to people."""

MALFORMED_EMAIL = 0.6
"""Weight of an address that cannot be one: a human should look (contract, decision 9)."""

REQUIRED = ("email", "phone", "first_name", "last_name", "company")
"""The fields that make a lead complete, a fifth each."""

COMPLETE = 60
"""Completeness from which a lead counts as complete (contract: 0.6)."""


@frozen
class Circumstances:
    """What surrounds a lead, apart from what it says."""

    honeypot: str = ""
    form_fill_ms: int | None = None
    leads_last_minute: int = 0
    """Earlier leads from the same address within 60 s before this one."""
    leads_last_hour: int = 0
    bulk: int = 0
    """Leads within a minute with this name and company and other contact data."""


@frozen
class Validation:
    """What the lead gives, and whether it can be right."""

    email_valid: bool
    phone_valid: bool
    company_provided: bool
    name_provided: bool
    completeness_score: int
    """0 to 100."""


@frozen
class Risk:
    """The factors that apply with their weights, and their combination."""

    factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Return the combined risk in [0, 1]."""
        safe = 1.0
        for weight in self.factors.values():
            safe *= 1.0 - weight
        return round(1.0 - safe, 4)

    @property
    def level(self) -> str:
        """Return low, medium or high."""
        if self.score < MEDIUM:
            return "low"
        return "medium" if self.score < HIGH else "high"

    @property
    def rejection(self) -> str | None:
        """Return the rule that turns the lead away, or None; only velocity and spam do."""
        if self.score < REJECT:
            return None
        if "velocity_anomaly" in self.factors:
            return "velocity_limit"
        return "form_spam" if self.factors.get("form_spam_indicators", 0) >= HONEYPOT else None


def otherwise(risk: Risk, changed: Collection[str]) -> tuple[Risk, ...]:
    """Return the most and the least that may be left of *risk* if *changed* fields said another's.

    A throwaway address goes; what is said of several values may be said of those that stay.
    Where both are the same, one.
    """
    most = {
        name: weight
        for name, weight in risk.factors.items()
        if name != "disposable_email" or "email" not in changed
    }
    least = {
        name: weight
        for name, weight in most.items()
        if _OF_VALUES.get(name, frozenset()).isdisjoint(changed)
    }
    return (Risk(most),) if len(most) == len(least) else (Risk(most), Risk(least))


def validate(fields: Mapping[str, str], mail: Email | None, number: Phone | None) -> Validation:
    """Return what *fields* give and whether address and number can be real."""
    first, _, last = fields.get("name", "").strip().partition(" ")
    given = {
        "email": mail is not None,
        "phone": number is not None,
        "first_name": bool(fields.get("first_name") or first),
        "last_name": bool(fields.get("last_name") or last),
        "company": bool(fields.get("company")),
    }
    return Validation(
        email_valid=mail is not None,
        phone_valid=number is not None and number.valid,
        company_provided=given["company"],
        name_provided=given["first_name"] or given["last_name"],
        completeness_score=round(100 * sum(given[name] for name in REQUIRED) / len(REQUIRED)),
    )


def assess(
    fields: Mapping[str, str],
    mail: Email | None,
    number: Phone | None,
    completeness_score: int,
    around: Circumstances,
) -> Risk:
    """Return the risk of one lead; *completeness_score* is 0 to 100."""
    factors = {
        "disposable_email": WEIGHTS["disposable_email"] * _disposable(mail),
        "personal_email": WEIGHTS["personal_email"] * bool(mail and mail.personal),
        "incomplete_data": WEIGHTS["incomplete_data"] * (completeness_score < COMPLETE),
        "suspicious_format": WEIGHTS["suspicious_format"] * _suspicious(fields, mail),
        "invalid_format": _invalid(fields, mail, number),
        "form_spam_indicators": _spam(fields, around),
        "velocity_anomaly": WEIGHTS["velocity_anomaly"]
        * (around.leads_last_minute >= VELOCITY_LIMIT),
        "same_ip_multiple_leads": WEIGHTS["same_ip_multiple_leads"]
        * (around.leads_last_hour + 1 >= SAME_IP_LEADS),
        "bulk_submission_pattern": WEIGHTS["bulk_submission_pattern"]
        * (around.bulk + 1 >= BULK_LEADS),
    }
    return Risk({name: weight for name, weight in factors.items() if weight})


def _suspicious(fields: Mapping[str, str], mail: Email | None) -> bool:
    """True for a mailbox, name or company that is a filler, or in which no letter stands."""
    person = f"{fields.get('first_name', '')} {fields.get('last_name', '')}"
    names = fields.get("name", ""), person
    company = fields.get("company", "")
    return (
        (mail is not None and mail.filler)
        or any(filler.made_up(text) for text in (*names, company))
        or any(text.strip() and not any(map(str.isalpha, text)) for text in names)
        or bool(company.strip() and not any(map(str.isalnum, company)))
    )


def _disposable(mail: Email | None) -> bool:
    """True for a throwaway domain; a provider's name mistyped is none, though squatters own it."""
    return bool(mail and mail.disposable and not typo_domain(mail.domain))


def _invalid(fields: Mapping[str, str], mail: Email | None, number: Phone | None) -> float:
    if fields.get("email") and mail is None:
        return MALFORMED_EMAIL
    if not fields.get("phone"):
        return 0.0
    # A fictional or vanity number is as good as any; one that nobody can dial is not (E.164: 15).
    broken = number is None or number.placeholder
    if number is not None and not number.vanity:
        broken = broken or not 7 <= len(number.e164.lstrip("+")) <= 15
    return WEIGHTS["invalid_format"] * broken


_OF_VALUES = {
    "personal_email": frozenset({"email"}),
    "suspicious_format": frozenset({"email", "given", "family", "company"}),
    "invalid_format": frozenset({"email", "phone"}),
}
"""By factor, the fields of a record whose value it is about."""

_LINK = re.compile(r"https?://|www\.|<a\s|\[url", re.IGNORECASE)


def _spam(fields: Mapping[str, str], around: Circumstances) -> float:
    """Return the weight of what only machines do."""
    if around.honeypot.strip():
        return HONEYPOT
    names = " ".join(fields.get(name, "") for name in ("name", "first_name", "last_name"))
    if _LINK.search(names) or len(_LINK.findall(fields.get("message", ""))) >= 3:
        return WEIGHTS["form_spam_indicators"]
    hasty = around.form_fill_ms is not None and around.form_fill_ms < HASTY_FILL_MS
    return WEIGHTS["form_spam_indicators"] * hasty
