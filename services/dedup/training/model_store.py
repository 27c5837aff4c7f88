"""The SQL of an account's models, on a connection it is handed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.dedup.model import Model
from shared.ids import uuid7

MOST = 1000
"""Models and uses that are read at once."""

MOST_LABELS = 200_000
"""Labelled pairs that are read, the newest: more teach nothing that these do not."""


@dataclass(frozen=True, slots=True)
class Made:
    """One version, and where it comes from."""

    version: str
    made_at: datetime
    made_by: str
    made_from: str
    """`pairs`, `reviews`, `unlabelled` or `file`."""
    base_version: str
    trained_on: Mapping[str, Any]
    """Counts."""
    held_out: Mapping[str, Any] | None
    """What it was judged by; None: by nothing."""
    prior: float
    weights: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Use:
    """From when on a version decided; None: the standard one."""

    version: str | None
    used_at: datetime
    used_by: str


@dataclass(frozen=True, slots=True)
class Label:
    """A pair of leads that a person judged, with the levels that were found then."""

    id: UUID
    lead_id: UUID
    known_lead_id: UUID
    subject_id: UUID
    known_subject_id: UUID
    """Whose the leads are today."""
    same_person: bool
    levels: Mapping[str, Any]


def deciding(conn: Connection, tenant_id: str) -> Iterator[tuple[str, float, Any]]:
    """Return version, prior and weights of the model that decides; nothing if it is the standard.

    In a pipeline it is awaited when it is taken, so that other questions can follow.
    """
    rows: Any = conn.execute(
        """
        SELECT own.version, own.prior, own.weights
        FROM (
            SELECT version FROM dedup.model_uses
            WHERE tenant_id = %(tenant)s ORDER BY id DESC LIMIT 1
        ) AS used
        CROSS JOIN LATERAL (
            SELECT version, prior, weights FROM dedup.models
            WHERE tenant_id = %(tenant)s AND version BETWEEN used.version AND used.version
            ORDER BY version LIMIT 1
        ) AS own
        """,
        {"tenant": tenant_id},
    )
    return iter(rows)


def models(conn: Connection, tenant_id: str, most: int = MOST) -> list[Made]:
    """Return the newest *most* models."""
    rows = conn.execute(
        """
        SELECT version, made_at, made_by, made_from, base_version, trained_on, held_out, prior,
               weights
        FROM dedup.models WHERE tenant_id = %(tenant)s
        ORDER BY made_at DESC, version DESC LIMIT %(most)s
        """,
        {"tenant": tenant_id, "most": most},
    )
    return [Made(*row) for row in rows]


def one(conn: Connection, tenant_id: str, version: str) -> Made | None:
    """Return one model."""
    row = conn.execute(
        """
        SELECT version, made_at, made_by, made_from, base_version, trained_on, held_out, prior,
               weights
        FROM dedup.models WHERE tenant_id = %(tenant)s AND version = %(version)s
        """,
        {"tenant": tenant_id, "version": version},
    ).fetchone()
    return Made(*row) if row else None


def uses(conn: Connection, tenant_id: str, most: int = MOST) -> list[Use]:
    """Return the latest *most* uses, the one that holds first."""
    rows = conn.execute(
        """
        SELECT version, used_at, used_by FROM dedup.model_uses
        WHERE tenant_id = %(tenant)s ORDER BY id DESC LIMIT %(most)s
        """,
        {"tenant": tenant_id, "most": most},
    )
    return [Use(*row) for row in rows]


def save(conn: Connection, tenant_id: str, made: Made) -> None:
    """Store a version that is new."""
    conn.execute(
        """
        INSERT INTO dedup.models (tenant_id, version, made_at, made_by, made_from, base_version,
                                  trained_on, held_out, prior, weights)
        VALUES (%(tenant)s, %(version)s, %(at)s, %(by)s, %(from)s, %(base)s, %(trained)s,
                %(held)s, %(prior)s, %(weights)s)
        """,
        {
            "tenant": tenant_id,
            "version": made.version,
            "at": made.made_at,
            "by": made.made_by,
            "from": made.made_from,
            "base": made.base_version,
            "trained": Jsonb(dict(made.trained_on)),
            "held": Jsonb(dict(made.held_out)) if made.held_out is not None else None,
            "prior": made.prior,
            "weights": Jsonb({name: dict(levels) for name, levels in made.weights.items()}),
        },
    )


def use(conn: Connection, tenant_id: str, version: str | None, at: datetime, by: str) -> None:
    """Let *version* decide from now on; None: the standard model."""
    conn.execute(
        """
        INSERT INTO dedup.model_uses (tenant_id, id, version, used_at, used_by)
        VALUES (%(tenant)s, %(id)s, %(version)s, %(at)s, %(by)s)
        """,
        {"tenant": tenant_id, "id": uuid7(), "version": version, "at": at, "by": by},
    )


def labels(conn: Connection, tenant_id: str) -> list[Label]:
    """Return the pairs that reviewers and buyers judged, with their levels, oldest first."""
    rows = conn.execute(
        """
        SELECT said.id, said.lead_id, said.known_lead_id, lead.subject_id, known.subject_id,
               said.same_person, said.levels
        FROM (
            SELECT review_id AS id, lead_id, known_lead_id, same_person, levels, labelled_at
            FROM dedup.labels WHERE tenant_id = %(tenant)s
            UNION ALL
            SELECT feedback_id, lead_id, known_lead_id, same_person, levels, labelled_at
            FROM dedup.feedback_labels
            WHERE tenant_id = %(tenant)s AND same_person IS NOT NULL AND levels IS NOT NULL
            ORDER BY labelled_at DESC, id DESC LIMIT %(most)s
        ) AS said
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN said.lead_id AND said.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN said.known_lead_id AND said.known_lead_id
            ORDER BY id LIMIT 1
        ) AS known
        ORDER BY said.labelled_at, said.id
        """,
        {"tenant": tenant_id, "most": MOST_LABELS},
    )
    return [Label(*row) for row in rows]


def made_of(own: Model, **told: Any) -> Made:
    """Return *own* as it is stored, with what is *told* of it."""
    return Made(version=own.version, prior=own.prior, weights=own.weights, **told)
