"""What `leadfly doctor` asks the database, over one connection made as the login itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg

from leadfly import import_crew, migrate, stream, worker
from leadfly.finding import Check, Finding, Patient, said
from leadfly.installation import as_owner
from services.dedup import rekey_store
from shared import catalogue
from shared.catalogue import Facts
from shared.db import ERASER, ROLE, ROLES
from shared.embedded import SETTINGS
from shared.errors import ServiceError
from shared.keyfile import FILE_NAME, keyring
from shared.postgres_programs import OLDEST
from shared.settings import Settings

CLOCK_SECONDS = 5.0
"""How far our clock and the database's may differ; answers and retention compare them."""

LOCKS = 10_000
"""Locks that must fit: 8 batches of 100 leads hold up to 1,200 blocking keys each."""


RESERVED = 6
"""PostgreSQL keeps three for superusers; the others are for a person's own and for commands."""


PULSE = 1
"""By which a process that watches the database notices that it is away (`shared.pool`)."""


def connections(chosen: Settings) -> int:
    """Return how many the processes of one host open at most: services, stream, worker, imports."""
    services = chosen.workers * (chosen.threads + PULSE + 1)  # one that may erase
    beside = stream.CONNECTIONS + PULSE + worker.CONNECTIONS + PULSE + import_crew.CONNECTIONS
    return services + beside


@contextmanager
def connected(patient: Patient) -> Iterator[None]:
    """Connect *patient*, or note why not; a stopped embedded server is started for as long."""
    chosen, server = patient.settings, patient.server
    if not chosen.database_url:
        try:
            programs = server.programs()
        except ServiceError as error:
            patient.no_conn = Finding("PostgreSQL", False, error.message)
        else:
            if not server.cluster.exists():
                what = f"PostgreSQL {programs.version}; the database is built by leadfly run"
                patient.no_conn = Finding(what, None)
        if patient.no_conn:
            yield
            return
    try:
        with as_owner(chosen):
            conninfo = chosen.database_url or server.conninfo(ROLE)
            patient.conn = migrate.connected(conninfo)
            with patient.conn:
                yield
    except (ServiceError, OSError, psycopg.Error) as error:
        if patient.conn is not None:
            return  # looked at already; that it would not stop is not what was asked
        wanted = "DATABASE_URL" if chosen.database_url else f"see {server.log}"
        patient.no_conn = Finding("PostgreSQL cannot be used", False, f"{said(error)} ({wanted})")
        yield


def _server(patient: Patient) -> Iterator[Finding]:
    facts = _facts(patient)
    major = facts.version // 10_000
    mend = "" if major >= OLDEST else f"LeadFly needs PostgreSQL {OLDEST} or later"
    yield Finding(f"PostgreSQL {major}.{facts.version % 10_000} answers", not mend, mend)
    needed = connections(patient.settings) + RESERVED
    if facts.max_connections < needed:
        mend = f"max_connections = {needed}, or a smaller WEB_THREADS"
        yield Finding(f"{facts.max_connections} connections are too few", False, mend)
    room = facts.lock_room >= LOCKS
    wanted = SETTINGS["max_locks_per_transaction"]
    mend = "" if room else f"ALTER SYSTEM SET max_locks_per_transaction = {wanted}, and restart it"
    yield Finding(f"room for {facts.lock_room:,} locks", room, mend)


def _migrations(patient: Patient) -> Iterator[Finding]:
    assert patient.conn
    try:
        missing = migrate.pending(patient.conn)
    except psycopg.errors.InsufficientPrivilege:
        missing = ["0001_foundation"]
    mend = "leadfly migrate" if missing else ""
    yield Finding(
        f"{len(missing)} migrations to apply" if missing else "migrated", not missing, mend
    )


def _powers(patient: Patient) -> Iterator[Finding]:
    facts = _facts(patient)
    faults = [finding for role in ROLES if (finding := _role(patient, role))]
    yield from faults
    if facts.login_is_powerful:
        mend = "give DATABASE_URL a plain login, and MIGRATIONS_DATABASE_URL the owner's"
        yield Finding(f"login {facts.login} bypasses tenant isolation", False, mend)
    elif not any(finding.well is False for finding in faults):
        yield Finding(f"login {facts.login} and the roles bypass nothing")


def _role(patient: Patient, role: str) -> Finding | None:
    """Return what is wrong with one of the roles that processes step down to."""
    assert patient.conn
    facts = catalogue.facts(patient.conn, role)
    if not facts.role_exists:
        return Finding(f"role {role} is missing", False, "leadfly migrate")
    if facts.role_is_powerful:
        mend = f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"
        return Finding(f"role {role} bypasses tenant isolation", False, mend)
    if facts.role_is_ours or _logs_in_itself(patient.settings, role):
        return None
    mend = f"GRANT {role} TO {facts.login}" + (", or give it a login of its own" * (role != ROLE))
    return Finding(
        f"login {facts.login} may not become {role}", False if role == ROLE else None, mend
    )


def _logs_in_itself(chosen: Settings, role: str) -> bool:
    """True if nobody steps down to *role*: on the embedded server, or by a URL of its own."""
    return not chosen.database_url or (role == ERASER and chosen.eraser_database_url is not None)


def _isolation(patient: Patient) -> Iterator[Finding]:
    assert patient.conn
    bare = catalogue.unforced(patient.conn)
    for table in bare:
        mend = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield Finding(f"{table} is not under row-level security", False, mend)
    if not bare:
        yield Finding("row-level security is forced on every tenant table")


def _key_of_database(patient: Patient) -> Iterator[Finding]:
    assert patient.conn
    chosen = patient.settings
    found = catalogue.fingerprint(patient.conn)
    if found is None:
        yield Finding("the database is not filled yet; it will belong to the secret key", None)
        return
    present = chosen.secret_key or (chosen.home / FILE_NAME).exists()
    if present and keyring(chosen).fingerprint == found:
        yield Finding("the secret key is this database's")
    else:
        mend = f"restore the {FILE_NAME} (or LEADFLY_SECRET_KEY) that it was filled under"
        yield Finding("the database belongs to another secret key", False, mend)


def _keys_of_before(patient: Patient) -> Iterator[Finding]:
    """Until stored leads have this version's keys, duplicates of theirs may be missed."""
    assert patient.conn
    if migrate.pending(patient.conn):
        return
    waiting = rekey_store.waiting(patient.conn)
    if waiting:
        what = f"{waiting:,} leads have blocking keys of before an upgrade"
        yield Finding(what, None, "the worker makes them anew, or leadfly rekey at once")
    else:
        yield Finding("blocking keys of stored leads are this version's")


def _clocks(patient: Patient) -> Iterator[Finding]:
    apart = abs((_facts(patient).now - datetime.now(UTC)).total_seconds())
    mend = "" if apart <= CLOCK_SECONDS else "timedatectl set-ntp true, on both machines"
    yield Finding(f"clock and database clock are {apart:.1f} s apart", not mend, mend)


def _facts(patient: Patient) -> Facts:
    assert patient.conn
    return catalogue.facts(patient.conn, ROLE)


CHECKS: tuple[Check, ...] = (
    _server,
    _migrations,
    _powers,
    _isolation,
    _key_of_database,
    _keys_of_before,
    _clocks,
)
"""In the order in which they are printed."""
