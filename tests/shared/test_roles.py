"""Roles of least right: each may do what is written here, and is tried on everything else."""

import re
from contextlib import closing, contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from leadfly.migrate import MIGRATIONS, migrate
from shared import keys
from shared.db import ERASER, ROLE, ROLES, WORKER, Database
from tests.services.dedup.flagged import ADA, REVIEWS, flagged

READER, MIGRATOR = "leadfly_reader", "leadfly_migrator"

DECIDING = {
    "public._yoyo_migration": "SELECT",
    "public.consents": "SELECT INSERT",
    "public.idempotent_answers": "SELECT INSERT UPDATE(request answer lead_id expires_at)",
    "public.installation": "SELECT INSERT",
    "public.schedules": "SELECT INSERT UPDATE(due_at)",
    "public.subjects": "SELECT INSERT UPDATE(created_at)",
    "public.withdrawals": "SELECT",
    "public.withdrawn_addresses": "SELECT",
    "dedup.blocking_keys": "SELECT INSERT",
    "dedup.decisions": "SELECT INSERT",
    "dedup.counts": "SELECT INSERT UPDATE(leads)",
    "dedup.places": "SELECT INSERT DELETE UPDATE(held_until)",
    "dedup.provided": "SELECT INSERT",
}
"""What both need who decide about leads."""

LISTING = (
    "SELECT INSERT UPDATE(investigation_id status duplicate signal_strength intent_score "
    "assigned_to tags)"
)
"""What both need who keep the listing of leads up."""

PROFILES = (
    "SELECT INSERT UPDATE(revision shown purposes lead_type company_size currency industry needs "
    "lead_category country admin1 latitude longitude loan_amount revenue founded_year "
    "signal_strength intent_score last_activity_at)"
)
"""What both need who read leads for matching."""

ALERTS = (
    "SELECT INSERT UPDATE(rule_version event priority status words facts times last_at read_at "
    "acknowledged_at acknowledged_by assigned_to snoozed_until ended_at escalate_at escalated_at)"
)
GROUPS = "SELECT INSERT UPDATE(rule_id opened_at told_at due_at)"
NOTIFICATIONS = "SELECT INSERT UPDATE(status attempts last_status last_error next_try_at ended_at)"
"""What both need who raise alerts: of what is posted, and of what merely happened."""

DISCOVERIES = {
    "discovery.finds": "SELECT INSERT",
    "discovery.job_leads": "SELECT INSERT",
    "discovery.met": "SELECT INSERT",
    "discovery.provenance": "SELECT INSERT",
    "discovery.provenances": "SELECT",
    "leads.discoverable": "SELECT",
}
DISCOVERY_JOBS = (
    "UPDATE(status started_at changed_at ended_at revision tries claim claimed_until failure)"
)
DISCOVERY_SOURCES = "UPDATE(status counts passed done total reason started_at ended_at)"
"""What both need who work off discoveries: the worker, and a program where none runs."""

ALLOWED = {
    ROLE: DECIDING
    | DISCOVERIES
    | {
        "discovery.jobs": f"SELECT INSERT {DISCOVERY_JOBS}",
        "discovery.job_sources": f"SELECT INSERT {DISCOVERY_SOURCES}",
        "discovery.sources": "SELECT INSERT DELETE UPDATE(name type settings changed_at "
        "changed_by)",
        "dedup.import_pieces": "SELECT INSERT",
        "dedup.import_rows": "SELECT",
        "dedup.imports": "SELECT INSERT DELETE UPDATE(kind size header options status rows_total "
        "previewed imported undone kept including_changed done_until started_at ended_at "
        "expires_at failure)",
        "alerts.actions": "SELECT INSERT",
        "alerts.alerts": ALERTS,
        "alerts.decisions": "SELECT",
        "alerts.groups": GROUPS,
        "alerts.met": "SELECT INSERT",
        "alerts.notifications": NOTIFICATIONS,
        "alerts.notified": "SELECT INSERT",
        "alerts.receivers": "SELECT INSERT DELETE UPDATE(name channel address shown secret "
        "definition is_active inactive_because failures failing_since held_until version "
        "changed_at changed_by)",
        "alerts.rule_versions": "SELECT INSERT",
        "alerts.rules": "SELECT INSERT UPDATE(rule_name rule_type definition understood events "
        "is_active version changed_at changed_by deleted_at)",
        "alerts.seen": "SELECT INSERT UPDATE(request alert_ids suppressed_by)",
        "alerts.silences": "SELECT INSERT UPDATE(ends_at comment)",
        "alerts.standings": "SELECT",
        "alerts.waiting": "SELECT INSERT",
        "enrichment.findings": "SELECT INSERT DELETE UPDATE(run_id position sealed personal "
        "crossed_as crossed_key found_at expires_at)",
        "enrichment.runs": "SELECT INSERT DELETE UPDATE(outcomes ended_at)",
        "enrichment.summaries": "SELECT",
        "leads.searches": "SELECT",
        "leads.traits": "SELECT",
        "public.api_keys": "SELECT INSERT UPDATE(expires_at revoked_at)",
        "public.events": "SELECT INSERT",
        "public.jobs": "INSERT SELECT(tenant_id id dead_at arguments) UPDATE(due_at tries dead_at)",
        "public.leads": "SELECT INSERT UPDATE(subject_id duplicate_of status)",
        "public.raw_bodies": "INSERT",
        "public.withdrawals": "SELECT INSERT",
        "public.withdrawn_addresses": "SELECT INSERT UPDATE(withdrawn_at)",
        "dedup.judgements": "SELECT INSERT",
        "dedup.labels": "SELECT INSERT DELETE",
        "dedup.days_of_feedback": "SELECT INSERT UPDATE(leads)",
        "dedup.days_taken": "SELECT INSERT UPDATE(leads)",
        "dedup.feedback": "SELECT INSERT UPDATE(undone_at undone_by)",
        "dedup.feedback_labels": "SELECT INSERT DELETE",
        "dedup.taken_until": "SELECT INSERT UPDATE(last_id)",
        "dedup.hashed_accounts": "SELECT INSERT DELETE",
        "dedup.hashed_keys": "SELECT INSERT",
        "dedup.pings": "SELECT INSERT UPDATE(pings)",
        "dedup.merged_leads": "SELECT INSERT DELETE",
        "dedup.models": "SELECT INSERT",
        "dedup.model_uses": "SELECT INSERT",
        "dedup.deals": "SELECT INSERT UPDATE",
        "dedup.scans": "SELECT INSERT UPDATE(status ended_at)",
        "dedup.scan_habits": "SELECT INSERT UPDATE(nightly)",
        "dedup.scan_members": "SELECT",
        "dedup.policies": "SELECT INSERT DELETE UPDATE(settings changed_at changed_by)",
        "dedup.policy_changes": "SELECT INSERT",
        "dedup.records": "SELECT INSERT",
        "dedup.reviews": "SELECT INSERT UPDATE(judgement judged_by judged_at)",
        "dedup.sources": "SELECT INSERT DELETE UPDATE(adapter profile field_map country consent "
        "secrets changed_at changed_by)",
        "dedup.term_changes": "SELECT INSERT",
        "dedup.terms": "SELECT INSERT DELETE UPDATE(settings changed_at changed_by)",
        "webhooks.endpoints": "SELECT INSERT UPDATE DELETE",
        "webhooks.deliveries": "SELECT",
        "dedup.flagged": "SELECT",
        "leads.bulk_actions": "SELECT INSERT UPDATE(undone_at undone_by put_back changed_since)",
        "leads.changes": "SELECT INSERT",
        "leads.exports": "SELECT INSERT UPDATE(leads left_out ended_at)",
        "leads.investigations": "SELECT INSERT UPDATE(name description status changed_at "
        "changed_by)",
        "leads.listing": LISTING,
        "leads.notes": "SELECT INSERT",
        "leads.signals": "SELECT INSERT",
        "leads.unlisted": "SELECT INSERT DELETE UPDATE(lead_id)",
        "leads.words": "SELECT INSERT",
        "dedup.lead_keys": "SELECT",
        "dedup.record_keys": "SELECT",
        "signals.behaviours": "SELECT INSERT",
        "signals.objected": "SELECT",
        "signals.objected_addresses": "SELECT INSERT",
        "signals.current": "SELECT",
        "signals.detections": "SELECT INSERT",
        "signals.feedback": "SELECT INSERT",
        "signals.found": "SELECT INSERT",
        "signals.scored": "SELECT INSERT UPDATE(signal_strength intent_score needs scored_at)",
        "signals.scores": "SELECT",
        "signals.behaviours_kept": "SELECT",
        "signals.objections": "SELECT",
        "signals.activities": "SELECT",
        "leads.profiles": "SELECT",
        "leads.signals_given": "SELECT",
        "matching.matches": "SELECT INSERT UPDATE(service_version match_score score_low "
        "score_high geographic_points industry_points need_points profile_points "
        "behavioral_points confidence_level priority reasons status matched_at "
        "status_changed_at ended_at told_score scored_at)",
        "matching.rematches": "SELECT INSERT UPDATE(status ended_at)",
        "matching.changed_services": "SELECT INSERT UPDATE(changed_at)",
        "matching.unscored": "SELECT INSERT",
        "matching.profiles": PROFILES,
        "matching.removed": "SELECT",
        "matching.unread": "SELECT INSERT DELETE",
        "matching.scorings": "SELECT INSERT",
        "matching.service_versions": "SELECT INSERT",
        "matching.services": "SELECT INSERT UPDATE(version service_name service_type "
        "service_category is_active definition understood changed_at changed_by weights "
        "weights_version)",
        "matching.status_changes": "SELECT INSERT",
        "matching.assignments": "SELECT INSERT",
        "matching.days_given": "SELECT INSERT UPDATE(given last_given_at)",
        "matching.handed_over": "SELECT INSERT",
        "matching.learning": "SELECT INSERT UPDATE(mode changed_at changed_by)",
        "matching.weights": "SELECT INSERT",
        "suppression.entries": "SELECT INSERT DELETE UPDATE(added_at expires_at)",
        "suppression.kept": "SELECT",
        "suppression.listed": "SELECT",
        "suppression.lists": "SELECT INSERT UPDATE(name kind on_hit sources expires_after_days "
        "changed_at changed_by deleted_at)",
        "seen.answers": "SELECT INSERT UPDATE(request answer expires_at)",
        "seen.keys": "SELECT INSERT DELETE UPDATE(claim_id first_seen_at expires_at ttl_days "
        "is_held)",
        "seen.scopes": "SELECT INSERT UPDATE(deleted_at)",
    },
    WORKER: DECIDING
    | DISCOVERIES
    | {
        "discovery.jobs": f"SELECT {DISCOVERY_JOBS}",
        "discovery.job_sources": f"SELECT {DISCOVERY_SOURCES}",
        "leads.changes": "SELECT INSERT",
        "signals.behaviours_kept": "SELECT",
        "dedup.feedback": "SELECT(tenant_id lead_id)",
        "dedup.import_pieces": "SELECT INSERT UPDATE(content)",
        "dedup.import_rows": "SELECT INSERT DELETE UPDATE(outcome reason lead_id known_id "
        "known_row "
        "differing kept)",
        "dedup.merged_leads": "SELECT(tenant_id lead_id)",
        "leads.worked_on": "SELECT",
        "matching.assignments": "SELECT(tenant_id lead_id)",
        "matching.worked_on": "SELECT",
        "dedup.imports": "SELECT UPDATE(status rows_total previewed imported undone kept "
        "done_until started_at ended_at expires_at failure)",
        "suppression.entries": "SELECT",
        "suppression.kept": "SELECT",
        "suppression.listed": "SELECT",
        "suppression.lists": "SELECT",
        "alerts.alerts": ALERTS,
        "alerts.decisions": "SELECT INSERT",
        "alerts.groups": GROUPS,
        "alerts.met": "SELECT INSERT",
        "alerts.notifications": NOTIFICATIONS,
        "alerts.notified": "SELECT INSERT",
        "alerts.receivers": "SELECT UPDATE(is_active inactive_because failures failing_since "
        "held_until last_told_at storm_told_at changed_at changed_by)",
        "alerts.rules": "SELECT",
        "alerts.seen": "SELECT INSERT",
        "alerts.silences": "SELECT",
        "alerts.standings": "SELECT INSERT UPDATE(word told_at)",
        "alerts.waiting": "SELECT INSERT DELETE UPDATE(event_id)",
        "leads.traits": "SELECT",
        "public.events": "SELECT INSERT UPDATE(delivered_at)",
        "public.jobs": "SELECT INSERT DELETE UPDATE(due_at tries claim failure dead_at)",
        "public.leads": "SELECT INSERT UPDATE(subject_id duplicate_of status)",
        "public.raw_bodies": "INSERT DELETE",
        "public.idempotent_answers": DECIDING["public.idempotent_answers"] + " DELETE",
        "dedup.hashed_accounts": "SELECT UPDATE(complete_at)",
        "dedup.hashed_keys": "SELECT INSERT DELETE",
        "dedup.deals": "SELECT INSERT UPDATE",
        "dedup.models": "SELECT",
        "dedup.model_uses": "SELECT",
        "dedup.scans": "SELECT INSERT UPDATE(status started_at ended_at after_lead leads_total "
        "leads_done leads_failed pairs_compared pairs_known reviews_opened)",
        "dedup.scan_habits": "SELECT INSERT UPDATE(looked_at)",
        "dedup.scan_members": "SELECT INSERT UPDATE(group_id as_lead review_id)",
        "dedup.scanned_leads": "SELECT INSERT",
        "dedup.policies": "SELECT",
        "dedup.outdated_records": "SELECT",
        "dedup.records": "SELECT INSERT DELETE",
        "dedup.reviews": "SELECT INSERT",
        "dedup.sources": "SELECT",
        "dedup.terms": "SELECT",
        "webhooks.endpoints": "SELECT UPDATE(failures failing_since held_until last_delivered_at "
        "active ended_because changed_at)",
        "webhooks.deliveries": "SELECT INSERT UPDATE(status attempts answered failure next_try_at "
        "ended_at)",
        "leads.investigations": "SELECT",
        "leads.listing": LISTING,
        "leads.notes": "SELECT(tenant_id lead_id id written_by) INSERT",
        "leads.unlisted": "SELECT INSERT DELETE UPDATE(lead_id)",
        "leads.words": "SELECT INSERT",
        "leads.profiles": "SELECT",
        "leads.signals": "SELECT(tenant_id lead_id signal_type strength detected_at)",
        "leads.signals_given": "SELECT",
        "matching.profiles": PROFILES,
        "matching.removed": "SELECT",
        "matching.unread": "SELECT INSERT DELETE",
        "matching.handed_over": "SELECT",
        "matching.learning": "SELECT",
        "matching.service_versions": "INSERT",
        "matching.status_changes": "SELECT(tenant_id id lead_id match_id before after changed_at "
        "changed_by)",
        "matching.weights": "SELECT INSERT",
        "signals.activities": "SELECT",
        "signals.behaviours": "SELECT DELETE",
        "dedup.lead_keys": "SELECT",
        "dedup.record_keys": "SELECT",
        "signals.objected": "SELECT",
        "signals.objected_addresses": "SELECT",
        "signals.objections": "SELECT",
        "matching.changed_services": "SELECT INSERT DELETE UPDATE(changed_at)",
        "matching.matches": "SELECT INSERT UPDATE(service_version match_score score_low score_high "
        "geographic_points industry_points need_points profile_points behavioral_points "
        "confidence_level priority reasons matched_at scored_at ended_at told_score)",
        "matching.services": "SELECT UPDATE(version changed_at changed_by weights weights_version)",
        "matching.rematches": "SELECT INSERT UPDATE(status started_at ended_at after_lead "
        "leads_total leads_done leads_failed matches_kept matches_ended)",
        "matching.scorings": "INSERT",
        "matching.unscored": "SELECT INSERT DELETE UPDATE(lead_id)",
        "signals.scored": "SELECT",
        "signals.scores": "SELECT",
    },
    ERASER: {
        "public._yoyo_migration": "SELECT",
        "public.installation": "SELECT",
        "public.leads": "SELECT(tenant_id id subject_id) DELETE",
        "public.subjects": "SELECT(tenant_id id) DELETE",
        "dedup.imports": "SELECT(tenant_id id status done_until undone kept) UPDATE(done_until "
        "undone kept)",
        "dedup.person_keys": "SELECT",
        "dedup.records": "SELECT(tenant_id lead_id blocking_keys)",
        "privacy.erasures": "INSERT",
    },
    READER: {
        "discovery.sources": "SELECT(tenant_id id name type created_at created_by changed_at "
        "changed_by)",
        "discovery.jobs": "SELECT(tenant_id id investigation_id status asked_at asked_by "
        "started_at changed_at ended_at revision tries failure)",
        "discovery.job_sources": "SELECT",
        "discovery.job_leads": "SELECT",
        "discovery.provenance": "SELECT(tenant_id lead_id source licence attribution found_at "
        "job_id)",
        "dedup.imports": "SELECT(tenant_id id kind size options status rows_total previewed "
        "imported undone kept including_changed done_until asked_at asked_by started_at ended_at "
        "expires_at failure)",
        "alerts.actions": "SELECT(tenant_id id alert_id action details done_at done_by)",
        "alerts.alerts": "SELECT(tenant_id id rule_id rule_version alert_type event event_id "
        "lead_id priority status facts times first_at last_at read_at acknowledged_at "
        "acknowledged_by assigned_to snoozed_until ended_at escalate_at escalated_at)",
        "alerts.decisions": "SELECT",
        "alerts.groups": "SELECT",
        "alerts.notifications": "SELECT",
        "alerts.notified": "SELECT",
        "alerts.receivers": "SELECT(tenant_id id name channel is_active inactive_because failures "
        "failing_since held_until last_told_at version created_at created_by changed_at "
        "changed_by)",
        "alerts.rule_versions": "SELECT",
        "alerts.rules": "SELECT",
        "alerts.silences": "SELECT",
        "alerts.standings": "SELECT",
        "public.consents": "SELECT(tenant_id id lead_id purposes text_version given_at "
        "recorded_at withdrawn_at)",
        "public.withdrawals": "SELECT(tenant_id id lead_id purposes withdrawn_at channel "
        "withdrawn_by)",
        "public.withdrawn_addresses": "SELECT(tenant_id purpose withdrawn_at)",
        "public.events": "SELECT",
        "public.leads": "SELECT(tenant_id id subject_id source_id status duplicate_of "
        "received_at submitted_at)",
        "public.subjects": "SELECT",
        "enrichment.findings": "SELECT(tenant_id lead_id provider run_id field personal crossed_as "
        "first_seen_at found_at expires_at)",
        "enrichment.runs": "SELECT(tenant_id lead_id id asked_at asked_by basis outcomes ended_at "
        "expires_at)",
        "dedup.counts": "SELECT",
        "dedup.deals": "SELECT",
        "dedup.decisions": "SELECT",
        "dedup.hashed_accounts": "SELECT",
        "dedup.pings": "SELECT",
        "dedup.places": "SELECT",
        "dedup.judgements": "SELECT(tenant_id id review_id lead_id judgement judged_by judged_at)",
        "dedup.labels": "SELECT",
        "dedup.days_of_feedback": "SELECT",
        "dedup.days_taken": "SELECT",
        "dedup.feedback": "SELECT(tenant_id id lead_id type reason buyer_id happened_at value "
        "currency counted given_at given_by undone_at undone_by)",
        "dedup.feedback_labels": "SELECT",
        "dedup.policies": "SELECT",
        "dedup.policy_changes": "SELECT",
        "dedup.reviews": "SELECT",
        "dedup.scans": "SELECT",
        "dedup.scan_habits": "SELECT",
        "dedup.scan_members": "SELECT",
        "dedup.sources": "SELECT(tenant_id source_id adapter profile field_map country consent "
        "created_at created_by changed_at changed_by)",
        "dedup.term_changes": "SELECT",
        "dedup.terms": "SELECT",
        "leads.bulk_actions": "SELECT",
        "leads.changes": "SELECT(tenant_id id lead_id field before after changed_at changed_by "
        "bulk_id taken_back)",
        "leads.exports": "SELECT",
        "leads.investigations": "SELECT",
        "leads.listing": "SELECT(tenant_id lead_id investigation_id source_id status duplicate "
        "received_at signal_strength intent_score country admin1 industry company_size "
        "lead_category lead_type assigned_to tags)",
        "matching.matches": "SELECT(tenant_id id lead_id service_id service_version match_score "
        "score_low score_high geographic_points industry_points need_points profile_points "
        "behavioral_points confidence_level priority status first_matched_at matched_at "
        "status_changed_at ended_at told_score scored_at)",
        "matching.rematches": "SELECT",
        "matching.changed_services": "SELECT",
        "matching.scorings": "SELECT",
        "matching.assignments": "SELECT",
        "matching.days_given": "SELECT",
        "matching.handed_over": "SELECT",
        "matching.learning": "SELECT",
        "matching.weights": "SELECT",
        "matching.service_versions": "SELECT",
        "matching.services": "SELECT",
        "matching.status_changes": "SELECT(tenant_id id lead_id match_id before after changed_at "
        "changed_by)",
        "privacy.erasures": "SELECT",
        "seen.keys": "SELECT(tenant_id scope_id first_seen_at expires_at ttl_days is_held)",
        "suppression.entries": "SELECT(tenant_id list_id added_at expires_at)",
        "suppression.lists": "SELECT",
        "seen.scopes": "SELECT",
        "signals.scored": "SELECT",
        "signals.objected_addresses": "SELECT(tenant_id behavior_type occurred_at recorded_at)",
        "signals.behaviours": "SELECT(tenant_id lead_id behavior_type occurred_at recorded_at "
        "expires_at)",
        "webhooks.deliveries": "SELECT",
    },
}
"""By role and table, the statements it may run, of which columns if not of all. TRUNCATE: never."""

CALLABLE = {
    ROLE: {"public.usable_keys", "public.drop_empty_subjects", "dedup.open_sources", "leads.bits"}
    | {"leads.bare"}
    | {"alerts.changed_of", "suppression.keepers", "privacy.missing_erasures"}
    | {"dedup.records_to_rekey"},
    WORKER: {
        "alerts.end_forgotten",
        "alerts.purge",
        "alerts.to_be_raised",
        "alerts.to_be_told",
        "dedup.purge_imports",
        "dedup.purge_trade",
        "dedup.records_to_rekey",
        "dedup.rekey",
        "dedup.tenants_to_rekey",
        "discovery.due",
        "discovery.purge",
        "dedup.tenants_importing",
        "dedup.tenants_scanning",
        "dedup.tenants_to_look_at",
        "enrichment.purge",
        "public.claim_jobs_among",
        "leads.bare",
        "leads.bits",
        "leads.to_be_listed",
        "matching.to_be_read",
        "matching.to_be_rematched",
        "matching.to_learn",
        "privacy.missing_erasures",
        "public.dead_jobs",
        "public.drop_empty_subjects",
        "public.purge_events",
        "seen.purge",
        "suppression.purge",
        "webhooks.listening",
    },
    ERASER: {"public.drop_empty_subjects", "privacy.missing_erasures"}
    | {"privacy.forget_objections"},
    READER: set(),
}
"""By role, the functions of ours that it may call."""


@pytest.fixture(scope="module")
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


def tables(conn):
    """Yield every table and view that is ours, with its columns."""
    rows = conn.execute(
        """
        SELECT n.nspname || '.' || c.relname, array_agg(a.attname ORDER BY a.attnum)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%'
          AND n.nspname <> 'information_schema'
        GROUP BY 1 ORDER BY 1
        """
    )
    return rows.fetchall()


def tenants_tables(conn):
    return [(table, columns) for table, columns in tables(conn) if "tenant_id" in columns]


def written(role, table, statement, columns):
    """Return the columns of which ALLOWED says that *role* may run *statement*."""
    found = re.search(rf"\b{statement}\b(?:\(([^)]*)\))?", ALLOWED[role].get(table, ""))
    if not found:
        return set()
    return set(found[1].split()) if found[1] else set(columns)


@contextmanager
def acting_as(conn, role, tenant_id=None):
    """Run the block as *role* in a transaction that is undone."""
    with conn.transaction(force_rollback=True):
        conn.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        if tenant_id:
            conn.execute("SELECT set_config('leadfly.tenant_id', %s, true)", [tenant_id])
        yield


def may(conn, role, statement, table, column=None):
    """True if *role* may run *statement*; that it fails for another reason is no refusal."""
    names = {"table": sql.Identifier(*table.split("."))}
    if column:
        names["column"] = sql.Identifier(column)
    try:
        with acting_as(conn, role):
            conn.execute(sql.SQL(STATEMENTS[statement]).format(**names))
    except InsufficientPrivilege as error:
        return "row-level security" in error.diag.message_primary
    except (
        psycopg.errors.ObjectNotInPrerequisiteState,
        psycopg.errors.WrongObjectType,
        psycopg.errors.FeatureNotSupported,
    ):
        return False  # a view is read, and no more; nor is a column of one that is worked out
    except psycopg.Error:
        return True
    return True


STATEMENTS = {
    "SELECT": "SELECT {column} FROM {table}",
    "UPDATE": "UPDATE {table} SET {column} = DEFAULT",
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table}",
}


def excesses(conn, role):
    """Yield every statement that *role* may run and should not, or the other way about."""
    for table, columns in tables(conn):
        for statement, text in STATEMENTS.items():
            allowed = written(role, table, statement, columns)
            each = columns if "{column}" in text else [None]
            for column in each:
                wanted = column in allowed if column else bool(allowed)
                if may(conn, role, statement, table, column) != wanted:
                    yield f"{statement} {column or ''} {table}: {'not ' * (not wanted)}allowed"


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_run_what_is_written_and_nothing_else(owner, role):
    assert list(excesses(owner, role)) == []


def test_a_right_that_is_too_much_is_seen(owner):
    with owner.transaction(force_rollback=True):
        owner.execute("GRANT UPDATE (action) ON dedup.decisions TO leadfly_app")

        assert list(excesses(owner, ROLE)) == ["UPDATE action dedup.decisions: not allowed"]


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_call_what_is_written_and_nothing_else(owner, role):
    rows = owner.execute(
        """
        SELECT n.nspname || '.' || p.proname FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
          AND has_function_privilege(%s, p.oid, 'EXECUTE')
        """,
        [role],
    )

    assert {name for (name,) in rows} == CALLABLE[role]


# Powers ------------------------------------------------------------------------------------------

FORBIDDEN = (
    "ALTER TABLE public.leads NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE public.leads DISABLE TRIGGER ALL",
    "CREATE POLICY mine ON public.leads USING (true)",
    "DROP TABLE dedup.judgements",
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION public.dead_jobs() RETURNS TABLE (tenant_id text, dead bigint) "
    "LANGUAGE sql AS 'SELECT 1, 1'",
    "SET ROLE leadfly_eraser",
    "SET ROLE leadfly_migrator",
    "SET ROLE leadfly",
    "SET SESSION AUTHORIZATION leadfly",
    "SET session_replication_role = replica",
    "COPY public.schedules TO PROGRAM 'true'",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT rolpassword FROM pg_authid",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
@pytest.mark.parametrize("role", [ROLE, WORKER])
def test_a_login_takes_no_more_than_its_role(server, role, statement):
    with (
        psycopg.connect(server.conninfo(role)) as conn,
        pytest.raises(InsufficientPrivilege),
    ):
        conn.execute(statement)


@pytest.mark.parametrize("role", [WORKER, ERASER])
def test_the_application_cannot_work_as_another_role(app_conninfo, role):
    with closing(Database(app_conninfo, most=1, role=role)) as database:
        assert database.ready()[0] is False


def test_no_role_is_powerful_or_another_ones_member(owner):
    named = [*ALLOWED, MIGRATOR]
    powers = owner.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls OR "
        "rolcreaterole OR rolcreatedb OR rolreplication)",
        [named],
    )
    members = owner.execute(
        "SELECT member::regrole FROM pg_auth_members WHERE member::regrole::text = ANY (%s)",
        [named],
    )

    assert powers.fetchall() == members.fetchall() == []


def test_the_migrator_owns_every_table_and_function(owner):
    rows = owner.execute(
        """
        SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
          AND relkind IN ('r', 'v') AND relowner <> 'leadfly_migrator'::regrole
          AND relnamespace::regnamespace::text NOT LIKE 'pg\\_%'
        UNION ALL
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE prosecdef AND proowner <> 'leadfly_migrator'::regrole
        """
    )

    assert rows.fetchall() == []


def loose_functions(conn):
    """Yield functions that run as their owner and that anybody may call, or may lead astray."""
    for name, settings, public in conn.execute(
        """
        SELECT oid::regprocedure::text, coalesce(array_to_string(proconfig, ' '), ''),
               EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                       WHERE grantee = 0)
        FROM pg_proc WHERE prosecdef
        """
    ):
        if not settings.startswith("search_path=pg_catalog, pg_temp"):
            yield f"{name} has no fixed search_path"
        if public:
            yield f"{name} may be called by everybody"


def test_functions_that_run_as_their_owner_are_held_tight(owner):
    assert list(loose_functions(owner)) == []


def test_a_loose_function_is_seen(owner):
    with owner.transaction(force_rollback=True):
        owner.execute(
            "CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql SECURITY DEFINER "
            "AS 'SELECT 1'"
        )

        assert len(list(loose_functions(owner))) == 2


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS"])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_was_given_power_is_refused(server, owner, role, power):
    owner.execute(f"ALTER ROLE {role} {power}")
    try:
        with closing(Database(server.conninfo(role), most=1, role=role)) as database:
            assert database.ready()[0] is False
    finally:
        owner.execute(f"ALTER ROLE {role} NO{power}")


# Tenants -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_tenants(app, database, gate, owner):
    """Two accounts with rows in as many tables as one may have."""
    both = [f"tenant-{uuid4().hex}" for _ in "ab"]
    client = app.test_client()
    for tenant_id in both:
        body = {"user_id": tenant_id, "source_id": "s", "lead_data": ADA}
        body |= {"consent": {"purposes": ["contact"]}}
        for _ in range(2):
            client.post(
                "/webhook/leadfly/duplicate-prevention",
                json=body,
                headers={"Idempotency-Key": uuid4().hex},
            )
        review = flagged(database, gate, tenant_id)
        client.post(
            f"{REVIEWS}/{review['review_id']}/verdict",
            json={"user_id": tenant_id, "verdict": "duplicate"},
        )
        client.put(
            f"/api/v1/lead-discovery/policies?user_id={tenant_id}", json={"policy": {"flag": 0.5}}
        )
        with database.transaction(tenant_id) as conn:
            keys.create(conn, tenant_id, ["read:leads"])
    filled = {table for table, _ in tenants_tables(owner) if count(owner, table, both[1])}
    assert len(filled) >= 16, filled
    return both


def count(conn, table, tenant_id):
    query = sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s")
    found = conn.execute(query.format(sql.Identifier(*table.split("."))), [tenant_id])
    return found.fetchone()[0]


def seen(conn, table, columns):
    """Return the values of the first of *columns* in every row that is seen."""
    name = "tenant_id" if "tenant_id" in columns else min(columns)
    query = sql.SQL("SELECT {} FROM {}").format(
        sql.Identifier(name), sql.Identifier(*table.split("."))
    )
    return conn.execute(query).fetchall()


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_that_named_no_tenant_sees_nobodys_row(owner, two_tenants, role):
    for table, columns in tenants_tables(owner):
        readable = written(role, table, "SELECT", columns)
        if readable:
            with acting_as(owner, role):
                assert seen(owner, table, readable) == [], table


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_that_named_a_tenant_sees_no_others_row(owner, two_tenants, role):
    for table, columns in tenants_tables(owner):
        readable = written(role, table, "SELECT", columns)
        if readable:
            with acting_as(owner, role, two_tenants[0]):
                assert {row[0] for row in seen(owner, table, readable)} <= {two_tenants[0]}, table


@pytest.mark.parametrize("expired", [False, True])
@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_that_named_a_tenant_changes_no_others_row(owner, two_tenants, role, expired):
    ours, theirs = two_tenants
    for table, columns in tenants_tables(owner):
        before = count(owner, table, theirs)
        identifier = sql.Identifier(*table.split("."))
        for statement in ("DELETE", "UPDATE"):
            for column in sorted(written(role, table, statement, columns))[:1]:
                with owner.transaction(force_rollback=True):
                    if expired and "expires_at" in columns:
                        late = sql.SQL("UPDATE {} SET expires_at = now() - interval '1 s'")
                        owner.execute(late.format(identifier))
                    with acting_as(owner, role, ours):
                        query = sql.SQL(STATEMENTS[statement])
                        names = {"table": identifier, "column": sql.Identifier(column)}
                        try:
                            with owner.transaction():
                                owner.execute(query.format(**names))
                        except psycopg.errors.IntegrityError:
                            continue  # one of our own rows would not have it
                        owner.execute("RESET ROLE")
                        assert count(owner, table, theirs) == before, (statement, table)


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_writes_no_row_into_another_tenant(owner, two_tenants, role):
    ours, theirs = two_tenants
    for table, columns in tenants_tables(owner):
        if not written(role, table, "INSERT", columns):
            continue
        query = sql.SQL("INSERT INTO {} (tenant_id) VALUES (%s)").format(
            sql.Identifier(*table.split("."))
        )
        with (
            pytest.raises(InsufficientPrivilege, match="row-level security"),
            acting_as(owner, role, ours),
        ):
            owner.execute(query, [theirs])


def test_nobody_may_move_a_row_to_another_tenant(owner):
    for table, columns in tenants_tables(owner):
        for role in ALLOWED:
            if "tenant_id" in written(role, table, "UPDATE", columns):
                query = sql.SQL("UPDATE {} SET tenant_id = 'other'")
                check = owner.execute(
                    "SELECT bool_and(polwithcheck IS NULL OR polcmd = '*') FROM pg_policy "
                    "WHERE polrelid = to_regclass(%s)",
                    [table],
                ).fetchone()
                assert check == (True,), (role, table, query)


# Erasing by triggers -----------------------------------------------------------------------------


def test_a_subject_that_a_lead_is_about_is_not_dropped(database, post, owner, user_id):
    lead_id = post(**ADA)["lead_id"]

    with database.transaction(user_id) as conn:
        conn.execute("SELECT public.drop_empty_subjects(%s::uuid[])", [[lead_id]])

    assert count(owner, "public.subjects", user_id) == 1


def test_a_subject_of_another_tenant_is_not_dropped(database, owner, user_id):
    query = "INSERT INTO public.subjects VALUES (%s, gen_random_uuid(), now()) RETURNING id"
    (subject_id,) = owner.execute(query, [user_id]).fetchone()

    for tenant_id in (f"{user_id}-other", user_id):
        assert count(owner, "public.subjects", user_id) == 1
        with database.transaction(tenant_id) as conn:
            conn.execute("SELECT public.drop_empty_subjects(%s::uuid[])", [[subject_id]])

    assert count(owner, "public.subjects", user_id) == 0


def test_deleting_as_the_owner_gives_the_name_of_the_tenant_back(post, owner, user_id):
    lead_id = post(**ADA)["lead_id"]

    with owner.transaction():
        owner.execute("DELETE FROM public.leads WHERE id = %s", [lead_id])
        named = owner.execute("SELECT current_setting('leadfly.tenant_id', true)").fetchone()

    assert named == ("",)


# Databases that others made ----------------------------------------------------------------------


@contextmanager
def database_of(server, owner, powers):
    """A database that belongs to a plain login with *powers*; yields its connection string."""
    name = f"plain_{uuid4().hex}"
    owner.execute(f"CREATE ROLE {name} LOGIN {powers}")
    owner.execute(f"GRANT leadfly_app TO {name} WITH ADMIN OPTION")
    owner.execute(f"CREATE DATABASE {name} OWNER {name}")
    try:
        yield server.conninfo(name, name)
    finally:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
        owner.execute(f"DROP ROLE {name}")


def older(tmp_path):
    """Return a folder with the migrations of before there were roles."""
    for path in MIGRATIONS.glob("*.sql"):
        if path.name < "0010":
            (tmp_path / path.name).write_text(path.read_text())
    return tmp_path


def owner_of_leads(conninfo):
    with psycopg.connect(conninfo) as conn:
        query = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'public.leads'::regclass"
        return conn.execute(query).fetchone()[0]


def test_a_shared_login_steps_down_to_every_role_after_an_upgrade(server, owner, tmp_path):
    if owner.info.server_version >= 160000:
        pytest.skip("since 16 CREATEROLE grants only what it made itself")
    with database_of(server, owner, "CREATEROLE") as conninfo:
        migrate(conninfo, older(tmp_path))
        migrate(conninfo)

        for role in ROLES:
            with closing(Database(conninfo, most=1, role=role)) as database:
                assert database.ready() == (True, "ready")
        assert owner_of_leads(conninfo) == MIGRATOR


def test_a_login_that_was_given_the_roles_gives_its_tables_away(server, owner, tmp_path):
    with database_of(server, owner, "") as conninfo:
        migrate(conninfo, older(tmp_path))
        name = conninfo.rpartition("dbname=")[2].strip("'")
        owner.execute(f"GRANT {', '.join([*ROLES, MIGRATOR])} TO {name}")
        migrate(conninfo)

        assert owner_of_leads(conninfo) == MIGRATOR
        for role in ROLES:
            with closing(Database(conninfo, most=1, role=role)) as database:
                assert database.ready() == (True, "ready")


def test_a_login_that_may_grant_nothing_keeps_its_tables_and_is_migrated(server, owner, tmp_path):
    with database_of(server, owner, "") as conninfo:
        migrate(conninfo, older(tmp_path))
        migrate(conninfo)

        with closing(Database(conninfo, most=1)) as database:
            assert database.ready() == (True, "ready")
