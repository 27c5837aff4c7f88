"""The door to tables that are no CSV files: copied into one, and then read as any other is.

A copy is one snapshot, is read twice in one order, and lies in the folder of the run, for whoever
runs it alone.
"""

import os
from pathlib import Path

import duckdb
import psycopg
from psycopg import sql

from shared.errors import Malformed, NotFound, Unavailable

PATIENCE_SECONDS = 10
"""How long a connection may take."""


def copied_parquet(source: Path, target: Path) -> None:
    """Copy the Parquet file *source* to the CSV file *target*. Raises Malformed, NotFound."""
    if not source.is_file():
        raise NotFound(f"{source} cannot be read: there is no such file.")
    _made(target)
    with duckdb.connect() as conn:
        try:
            rows = conn.from_parquet(str(source))
            rows.write_csv(str(target), header=True)
        except (duckdb.InvalidInputException, duckdb.IOException):
            raise Malformed(f"{source} is no Parquet file, or it cannot be copied.") from None


def copied_table(database_url: str, name: str, target: Path) -> None:
    """Copy the PostgreSQL table *name* (or `schema.name`) to the CSV file *target*.

    Nothing is written there: the session is read-only. Raises NotFound, Unavailable, neither of
    which repeats *database_url*.
    """
    statement = sql.SQL("COPY (SELECT * FROM {table}) TO STDOUT (FORMAT csv, HEADER)")
    table = sql.Identifier(*name.split(".", 1))
    try:
        with (
            psycopg.connect(
                database_url,
                connect_timeout=PATIENCE_SECONDS,
                options="-c default_transaction_read_only=on",
            ) as conn,
            conn.cursor().copy(statement.format(table=table)) as rows,
            _made(target).open("wb") as file,
        ):
            for some in rows:
                file.write(some)
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        raise NotFound(f"There is no table {name} in that database.") from None
    except psycopg.Error as error:
        said = f"SQLSTATE {error.sqlstate}" if error.sqlstate else "it cannot be reached"
        raise Unavailable(f"The table {name} cannot be read: {said}.") from None


def _made(target: Path) -> Path:
    """Return *target*, made empty and for its owner alone."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return target
