"""Arrays as PostgreSQL reads them in a text: psycopg takes ten times as long over a list."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID


def array(values: Iterable[bool | int | UUID | datetime]) -> str:
    """Return *values* as the text of an array, without quotes: no value of these kinds needs any.

    A statement whose parameters are all texts is also queued the short way
    (`shared.connection`).
    """
    return "{" + ",".join(map(str, values)) + "}"
