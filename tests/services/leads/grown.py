"""An account that has just grown: its leads copied ten thousandfold, the statistics as before.

What PostgreSQL knows of the tables is from when they held a few rows, as after a first import: it
takes every tenant's rows for one, and any index that begins with the tenant for as good as another.
"""

from psycopg import sql

UNCOPIED = {("leads", "words"), ("public", "raw_bodies")}
"""Large, and found by other keys than a lead's."""


def freeze(owner):
    """Let the statistics of every table be those of this moment, whatever is stored later."""
    for schema, table in tables(owner, "tenant_id"):
        name = sql.Identifier(schema, table)
        owner.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(name))
    owner.execute("ANALYZE")


def grow(owner, tenant_id, times):
    """Copy all that hangs on the tenant's leads so many *times*, every copy with ids of its own."""
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")  # no trigger, no reference
        owner.execute("CREATE TEMP TABLE own (id uuid PRIMARY KEY) ON COMMIT DROP")
        of_leads = [place for place in tables(owner, "lead_id") if place not in UNCOPIED]
        copied = [("public", "leads"), ("public", "subjects"), *of_leads]
        for place in copied:
            note_ids(owner, place, tenant_id)
        for place in copied:
            copy(owner, place, tenant_id, times)


def note_ids(owner, place, tenant_id):
    """Note the ids by which a table's rows are called, to be others in every copy."""
    if ("id", "uuid") in columns(owner, place):
        statement = "INSERT INTO own SELECT id FROM {} WHERE tenant_id = %s ON CONFLICT DO NOTHING"
        owner.execute(sql.SQL(statement).format(sql.Identifier(*place)), [tenant_id])


def copy(owner, place, tenant_id, times):
    names = columns(owner, place)
    values = [value(name, kind) for name, kind in names]
    owner.execute(
        sql.SQL(
            "INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS known, "
            "generate_series(1, %(times)s) AS copy WHERE tenant_id = %(tenant)s "
            "ON CONFLICT DO NOTHING"
        ).format(
            table=sql.Identifier(*place),
            names=sql.SQL(", ").join(sql.Identifier(name) for name, _ in names),
            values=sql.SQL(", ").join(values),
        ),
        {"tenant": tenant_id, "times": times},
    )


def value(name, kind):
    """Return what a copy has in a column: ids and keys of its own, all else as it is."""
    column = sql.Identifier("known", name)
    if kind == "uuid":
        return sql.SQL(
            "CASE WHEN {0} IN (SELECT id FROM own) THEN md5({0}::text || copy)::uuid ELSE {0} END"
        ).format(column)
    if kind == "bigint" and name.endswith("_key"):
        return sql.SQL("{} + copy").format(column)
    return column


def columns(owner, place):
    return owner.execute(
        """
        SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
          AND attidentity = ''
        """,
        [".".join(place)],
    ).fetchall()


def tables(owner, column):
    """Return schema and name of every table that has a *column*."""
    return owner.execute(
        """
        SELECT n.nspname, c.relname FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%%' AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = %s)
        ORDER BY 1, 2
        """,
        [column],
    ).fetchall()
