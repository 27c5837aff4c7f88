"""What n8n keeps, read from its own database: the rows of a data table, and executions."""

import sqlite3
from contextlib import closing


class Kept:
    """The rows of the data table *name* of the n8n in *folder*."""

    def __init__(self, folder, name):
        self._file, self._name = folder / ".n8n" / "database.sqlite", name

    def rows(self):
        """Return the rows, the oldest first; none where there is no table."""
        with closing(self._connected()) as connection:
            if not (table := self._table(connection)):
                return []
            query = f'SELECT * FROM "{table}" ORDER BY id'  # noqa: S608 (a name n8n made)
            return [dict(row) for row in connection.execute(query)]

    def change(self, **columns):
        """Set *columns* in every row."""
        with closing(self._connected()) as connection, connection:
            table = self._table(connection)
            for name, value in columns.items():
                statement = f'UPDATE "{table}" SET "{name}" = ?'  # noqa: S608 (as above)
                connection.execute(statement, [value])

    def clear(self):
        """Delete every row."""
        with closing(self._connected()) as connection, connection:
            if table := self._table(connection):
                connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 (as above)

    def drop(self):
        """Delete the table, as if no lead had ever been kept."""
        with closing(self._connected()) as connection, connection:
            if table := self._table(connection):
                connection.execute(f'DROP TABLE "{table}"')
                connection.execute("DELETE FROM data_table WHERE name = ?", [self._name])

    def shadow(self, name):
        """Add a data table *name* that changed later than ours."""
        with closing(self._connected()) as connection, connection:
            connection.execute(
                """
                INSERT INTO data_table (id, name, projectId, createdAt, updatedAt)
                SELECT 'shadow', ?, projectId, createdAt, '2999-01-01 00:00:00.000'
                FROM data_table WHERE name = ?
                """,
                [name, self._name],
            )

    def unshadow(self):
        """Remove what `shadow` added."""
        with closing(self._connected()) as connection, connection:
            connection.execute("DELETE FROM data_table WHERE id = 'shadow'")

    def executions(self):
        """Return how many executions n8n means to keep; it purges the others within the hour."""
        with closing(self._connected()) as connection:
            query = "SELECT count(*) AS n FROM execution_entity WHERE deletedAt IS NULL"
            return connection.execute(query).fetchone()["n"]

    def _connected(self):
        connection = sqlite3.connect(self._file, timeout=10)
        connection.row_factory = sqlite3.Row
        return connection

    def _table(self, connection):
        query = "SELECT id FROM data_table WHERE name = ?"
        found = connection.execute(query, [self._name]).fetchone()
        return f"data_table_user_{found['id']}" if found else None
