"""How many leads services may still be given today, for who asks which fit a lead."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.matching import giving_store
from services.matching.capacity import days, left
from services.matching.service import Service


def left_today(
    conn: Connection[Any], tenant_id: str, services: Iterable[Service], now: datetime
) -> dict[UUID, int]:
    """Return what is left today, by id, of those of *services* that have a limit."""
    limited = [service for service in services if service.daily_capacity is not None]
    given = giving_store.given(conn, tenant_id, days(limited, now))
    found = {UUID(str(one.id)): left(one, given.get(UUID(str(one.id)), 0)) for one in limited}
    return {service_id: rest for service_id, rest in found.items() if rest is not None}
