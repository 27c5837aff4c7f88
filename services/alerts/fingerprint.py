"""By what two alerts are the same, and by what alerts are told together.

Pure. Facts may be personal, and few enough to be guessed, so whoever stores a fingerprint hands
in what hashes it under the installation's key (`shared.privacy.gate.Permit.pseudonym`).
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence

from services.alerts.happening import Fact, Happening
from services.alerts.rule import Rule
from services.alerts.vocabulary import OWN

Hashed = Callable[[str], str]
"""What makes a short text of a long one, always the same."""

DIGEST_BYTES = 16
"""128 bits: no two alerts of an account meet by chance."""

TOLD_APART: Mapping[str, tuple[str, ...]] = {
    "high_score_match": ("service_id",),
    "review.waiting": ("review_id",),
    "lead.late_duplicate": ("duplicate_of",),
}
"""Facts beside the lead that make another alert: a lead that fits two services is two chances."""


def digest(text: str) -> str:
    """Return a hash of *text* without a key: for what is not stored, and for tests."""
    spelt = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(spelt, digest_size=DIGEST_BYTES).hexdigest()


def fingerprint(rule: Rule | None, happening: Happening, hashed: Hashed = digest) -> str:
    """Return what is the same of two alerts that are the same.

    What the sender says, if it says; else rule, event, lead and what tells it apart (TOLD_APART),
    with the facts that the rule groups by. Without a lead those facts alone, and where the rule
    names none, all that was posted. Each rule has alerts of its own, and each lead: an alert goes
    with its lead, and so must all that it says of it.
    """
    return hashed(_spelt(str(rule.id) if rule else None, *_same(rule, happening)))


def group_key(rule: Rule | None, happening: Happening, hashed: Hashed = digest) -> str:
    """Return the key of the group: the rule and the values of its `group_by`.

    A fact that is unknown is a group as well. Alerts of no rule are grouped by what they are:
    the event and its `alert_type`.
    """
    if rule is None:
        return hashed(_spelt("group", None, happening.name, _fact(happening, "data.alert_type")))
    return hashed(_spelt("group", str(rule.id), *_grouped(rule, happening)))


def counted_by(names: Sequence[str], happening: Happening, hashed: Hashed = digest) -> str | None:
    """Return the key under which *happening* is counted by the facts *names*.

    None: not at all, for one of them is unknown: strangers are not of one source.
    """
    values = [_fact(happening, name) for name in names]
    return None if None in values else hashed(_spelt("count", values))


def _same(rule: Rule | None, happening: Happening) -> list[object]:
    lead = [str(happening.lead_id)] if happening.lead_id else []
    if happening.fingerprint is not None:
        return ["given", happening.fingerprint, lead]
    grouped = _grouped(rule, happening)
    if rule is None:
        return [happening.name, lead, *(_fact(happening, name) for name in _SENT)]
    if lead:
        apart = [_fact(happening, name) for name in TOLD_APART.get(happening.name, ())]
        return [happening.name, lead, apart, grouped]
    return [happening.name, grouped or _posted(happening.facts)]


def _grouped(rule: Rule | None, happening: Happening) -> list[list[object]]:
    return [[name, _fact(happening, name)] for name in sorted(set(rule.group_by))] if rule else []


def _posted(facts: Mapping[str, Fact]) -> list[list[object]]:
    return [[name, facts[name]] for name in sorted(facts) if name.startswith(OWN)]


def _fact(happening: Happening, name: str) -> Fact:
    value = happening.facts.get(name)
    # 5 and 5.0 are one number, as they are one for JSON.
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _spelt(*parts: object) -> str:
    return json.dumps(parts, separators=(",", ":"), default=str)


_SENT = ("data.alert_type", "data.title")
"""By what alerts that were sent as they are, by no rule, are the same."""
