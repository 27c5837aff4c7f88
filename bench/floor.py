"""The floor: a bare Flask route that does the least a duplicate check could do.

One indexed lookup of three keys and one insert, in one transaction, under the
same gunicorn, pool and PostgreSQL as the service: what the machine allows.
"""

import os
from collections.abc import Mapping
from hashlib import blake2b

from flask import Flask, request
from psycopg_pool import ConnectionPool

PATH = "/floor"

SCHEMA = """
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
CREATE TABLE floor.leads (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email_key bigint NOT NULL, phone_key bigint NOT NULL, name_key bigint NOT NULL,
    fields jsonb NOT NULL
);
GRANT USAGE ON SCHEMA floor TO leadfly_app;
GRANT SELECT, INSERT ON floor.leads TO leadfly_app;
"""
COPY = "COPY floor.leads (email_key, phone_key, name_key, fields) FROM STDIN BINARY"
COPY_TYPES = "int8 int8 int8 jsonb"
INDEXES = """
CREATE INDEX leads_email ON floor.leads (email_key);
CREATE INDEX leads_phone ON floor.leads (phone_key);
CREATE INDEX leads_name ON floor.leads (name_key);
"""

LOOKUP = """
SELECT id FROM floor.leads
WHERE email_key = %(email)s OR phone_key = %(phone)s OR name_key = %(name)s LIMIT 50
"""
INSERT = """
INSERT INTO floor.leads (email_key, phone_key, name_key, fields)
VALUES (%(email)s, %(phone)s, %(name)s, %(fields)s)
"""


def keys(lead: Mapping[str, str]) -> dict[str, int]:
    """Return the three keys of a lead, signed 64 bits each."""
    name = f"{lead.get('first_name')} {lead.get('last_name')}"
    texts = {"email": lead.get("email", ""), "phone": lead.get("phone", ""), "name": name}
    return {
        kind: int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
        for kind, text in texts.items()
    }


def create_app() -> Flask:
    """Return the floor's app; FLOOR_CONNINFO names the database."""
    app = Flask(__name__)
    pool = ConnectionPool(os.environ["FLOOR_CONNINFO"], min_size=1, max_size=8, open=True)

    @app.post(PATH)
    def floor() -> dict[str, object]:
        values = keys(request.get_json()["lead_data"])
        with pool.connection() as conn:
            found = conn.execute(LOOKUP, values).fetchall()
            conn.execute(INSERT, values | {"fields": request.get_data(as_text=True)})
        return {"success": True, "found": len(found)}

    @app.get("/readyz")
    def ready() -> dict[str, object]:
        with pool.connection() as conn:
            conn.execute("SELECT 1")
        return {"success": True}

    return app
