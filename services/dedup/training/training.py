"""Training one account's model: fit, judge on held-out pairs, keep, and let it decide or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from services.dedup import model, policy_cache, policy_store
from services.dedup.model import STANDARD, Model
from services.dedup.policy import Policies, Policy
from services.dedup.training import (
    fitting,
    gate,
    labelled,
    model_store,
    own_leads,
    reading,
    unlabelled,
)
from services.dedup.training.fitting import Fitted
from services.dedup.training.gate import Judged, Sample
from services.dedup.training.labelled import LabelledPair
from services.dedup.training.model_store import Label, Made
from shared.db import Database
from shared.errors import Meaningless, NotFound
from shared.privacy.gate import Gate

STANDARD_NAME = "standard"
"""What the model of accounts without one of their own is called where a version is chosen."""

LEADS = 100_000
"""Leads that are read without labels, the newest."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account decides by today."""

    model: Model
    policy: Policy


@dataclass(frozen=True, slots=True)
class Trained:
    """What training gave."""

    made_from: str
    found: Fitted
    trained_on: Mapping[str, int]
    judged: Judged | None
    """None if there are no labelled pairs to judge by."""
    changes: Sequence[tuple[str, float, float]]
    """Weights that would change most: level, before, after."""

    @property
    def refusal(self) -> str | None:
        """Return why it must not decide; None if it may."""
        if self.judged is None:
            return "there are no labelled pairs to judge it by"
        return self.judged.refusal


def standing(database: Database, tenant_id: str) -> Standing:
    """Return the account's model and its thresholds. Raises Unavailable."""
    with database.transaction(tenant_id) as conn:
        known = policy_cache.policies(policy_store.listed(conn, tenant_id), Policies())
        own = policy_cache.deciding(model_store.deciding(conn, tenant_id), STANDARD)
    return Standing(own, known.account)


def by_pairs(pairs: Sequence[LabelledPair], now: Standing) -> Trained:
    """Train on pairs that somebody gathered. Raises Meaningless where they cannot teach."""
    return _by_labels("pairs", Sample(pairs, gathered=True), now)


def by_reviews(database: Database, tenant_id: str, now: Standing) -> Trained:
    """Train on what reviewers and buyers said. Raises as `by_pairs`, and Unavailable."""
    return _by_labels("reviews", Sample(_reviewed(database, tenant_id), gathered=False), now)


def by_leads(
    database: Database,
    keys: Gate,
    tenant_id: str,
    now: Standing,
    most: int = LEADS,
    told: own_leads.Told = lambda done, every: None,
) -> Trained:
    """Train on unlabelled leads; what people said judges it, if they said enough.

    Raises Meaningless where the leads do not tell matches from others, and Unavailable.
    """
    leads = own_leads.read(database, keys, tenant_id, most)
    counted = own_leads.patterns(leads, told)
    running = fitting.of(now.model)
    said = unlabelled.estimated(counted, running)
    on = {"leads": len(leads), "pairs": counted.total(), "matches_likely": round(said.matches)}
    pairs = _reviewed(database, tenant_id)
    judged = None
    try:
        labelled.checked(pairs)
        judged = gate.judged(pairs, running, said.found, now.policy)
    except Meaningless:
        pass  # too few to judge by: it is kept, and decides only if somebody says so
    changes = gate.changes(running, said.found)
    return Trained("unlabelled", said.found, on, judged, changes)


def keep(conn: Connection, tenant_id: str, trained: Trained, base: Model, by: str) -> Made:
    """Store what was trained under a new version; it decides if nothing refuses it."""
    own = _named(conn, tenant_id, trained.found.prior, fitting.nested(trained.found))
    made = model_store.made_of(
        own,
        made_at=datetime.now(UTC),
        made_by=by,
        made_from=trained.made_from,
        base_version=base.version,
        trained_on=trained.trained_on,
        held_out=trained.judged.as_dict() if trained.judged else None,
    )
    model_store.save(conn, tenant_id, made)
    if trained.refusal is None:
        model_store.use(conn, tenant_id, made.version, made.made_at, by)
    return made


def bring(conn: Connection, tenant_id: str, data: bytes, by: str) -> Made:
    """Store the model of a file under a new version; it does not decide yet. Raises Meaningless."""
    brought = reading.from_file(data)
    own = _named(conn, tenant_id, brought.prior, brought.weights)
    made = model_store.made_of(
        own,
        made_at=datetime.now(UTC),
        made_by=by,
        made_from="file",
        base_version=model.VERSION,
        trained_on={},
        held_out=None,
    )
    model_store.save(conn, tenant_id, made)
    return made


def use(conn: Connection, tenant_id: str, version: str, by: str) -> None:
    """Let *version* decide from now on. Raises NotFound; Meaningless if it cannot decide."""
    if version == STANDARD_NAME:
        model_store.use(conn, tenant_id, None, datetime.now(UTC), by)
        return
    made = model_store.one(conn, tenant_id, version)
    if made is None:
        raise NotFound
    reading.checked(version, made.prior, made.weights)
    model_store.use(conn, tenant_id, version, datetime.now(UTC), by)


def roll_back(conn: Connection, tenant_id: str, by: str) -> str:
    """Let decide what decided before, and return its version. Raises NotFound if nothing did."""
    uses = model_store.uses(conn, tenant_id, 2)
    if not uses:
        raise NotFound("No model of this account's own was ever in use.")
    before = uses[1].version if len(uses) > 1 else None
    use(conn, tenant_id, before or STANDARD_NAME, by)
    return before or STANDARD_NAME


def _by_labels(made_from: str, sample: Sample, now: Standing) -> Trained:
    labelled.checked(sample.pairs)
    running = fitting.of(now.model)
    judged = gate.cross_judged(sample, running, now.policy)
    found = gate.trained(sample, running)
    same = sum(pair.same for pair in sample.pairs)
    on = {"one_person": same, "two_people": len(sample.pairs) - same}
    return Trained(made_from, found, on, judged, gate.changes(running, found))


def _reviewed(database: Database, tenant_id: str) -> list[LabelledPair]:
    """Return what people said of pairs whose levels are all of this version."""
    with database.transaction(tenant_id) as conn:
        labels = model_store.labels(conn, tenant_id)
    return [_pair(label) for label in labels if _known(label)]


def _pair(label: Label) -> LabelledPair:
    pattern = tuple((comparison, said[0]) for comparison, said in label.levels.items())
    people = (label.subject_id, label.known_subject_id)
    leads = (label.lead_id, label.known_lead_id)
    return LabelledPair(f"review {label.id}", *leads, label.same_person, pattern, people)


def _known(label: Label) -> bool:
    return all(
        said[0] in STANDARD.weights.get(comparison, {}) for comparison, said in label.levels.items()
    )


def _named(conn: Connection, tenant_id: str, prior: float, weights: Any) -> Model:
    """Return the model under a version that the account has not given yet."""
    day = f"own-{datetime.now(UTC):%Y.%m.%d}"
    taken = {made.version for made in model_store.models(conn, tenant_id)}
    number = next(n for n in range(1, len(taken) + 2) if f"{day}-{n}" not in taken)
    return reading.checked(f"{day}-{number}", prior, weights)
