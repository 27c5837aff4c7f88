-- Who is to be left alone: lists of addresses and numbers, under keyed hashes.
--
-- See docs/decisions/0052.

CREATE SCHEMA suppression;

CREATE TABLE suppression.lists (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN ('customer', 'do_not_contact', 'litigator', 'custom')),
    on_hit text NOT NULL CHECK (on_hit IN ('reject', 'flag')),
    sources text[] NOT NULL, -- whose leads it is asked about; empty: all
    expires_after_days integer CHECK (expires_after_days BETWEEN 1 AND 36500), -- null: never
    created_at timestamptz NOT NULL,
    created_by text NOT NULL, -- the prefix of an API key, or `local`
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    deleted_at timestamptz, -- its entries count no longer; the purge takes them, and then it
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX lists_name ON suppression.lists (tenant_id, name) WHERE deleted_at IS NULL;

-- An entry hangs on no lead: what keeps somebody from being contacted outlives what is known of them
-- (GDPR Art. 21(3)). Without a foreign key, which would be looked up for each of a million rows: who
-- adds entries locks their list, and the purge takes a deleted list once it has none.
CREATE TABLE suppression.entries (
    tenant_id text NOT NULL,
    key bigint NOT NULL, -- a pseudonym of a canonical value or of a digest
    list_id uuid NOT NULL,
    added_at timestamptz NOT NULL,
    expires_at timestamptz, -- null: never
    PRIMARY KEY (tenant_id, key, list_id)
);
CREATE INDEX entries_list ON suppression.entries (tenant_id, list_id);
CREATE INDEX entries_expiry ON suppression.entries (expires_at) WHERE expires_at IS NOT NULL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['lists', 'entries'] LOOP
        EXECUTE format('ALTER TABLE suppression.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE suppression.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON suppression.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
        -- The purge below looks across tenants as the tables' owner.
        EXECUTE format('CREATE POLICY worker ON suppression.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;

-- Published: the lists that an account keeps. Whoever has none need not ask further.
CREATE VIEW suppression.kept WITH (security_invoker = true) AS
    SELECT tenant_id, id AS list_id, name, kind, on_hit, sources
    FROM suppression.lists WHERE deleted_at IS NULL;

-- Published: what the lists name, expired entries among it. From an entry to its list and never the
-- other way, whatever the statistics of a list that has just grown say.
CREATE VIEW suppression.listed WITH (security_invoker = true) AS
    SELECT entry.tenant_id, entry.key, entry.list_id, list.name AS list_name, list.kind, list.on_hit,
           list.sources, entry.added_at, entry.expires_at
    FROM suppression.entries AS entry
    CROSS JOIN LATERAL (
        SELECT own.name, own.kind, own.on_hit, own.sources FROM suppression.lists AS own
        WHERE own.tenant_id = entry.tenant_id AND own.id = entry.list_id AND own.deleted_at IS NULL
        LIMIT 1
    ) AS list;

-- Deletes what counts no longer at `moment`, of all tenants, `most` rows of each kind at a time:
-- expired entries, those of deleted lists, and deleted lists that have none left. A clock that runs
-- ahead forgets nobody: the database's own must agree.
CREATE FUNCTION suppression.purge(moment timestamptz, most integer)
    RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone bigint := 0;
    part bigint;
    passed timestamptz := least(moment, now());
BEGIN
    DELETE FROM suppression.entries WHERE ctid = ANY (ARRAY(
        SELECT e.ctid FROM suppression.entries AS e WHERE e.expires_at <= passed
        ORDER BY e.expires_at LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM suppression.entries WHERE ctid = ANY (ARRAY(
        SELECT own.ctid FROM suppression.lists AS l
        CROSS JOIN LATERAL (
            SELECT e.ctid FROM suppression.entries AS e
            WHERE e.tenant_id = l.tenant_id AND e.list_id = l.id LIMIT most
        ) AS own
        WHERE l.deleted_at IS NOT NULL LIMIT most));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    -- A deleted list gains no entry: whoever adds some locks the list and looks whether it is there.
    DELETE FROM suppression.lists AS l
    WHERE l.deleted_at <= passed
      AND NOT EXISTS (SELECT FROM suppression.entries AS e
                      WHERE e.tenant_id = l.tenant_id AND e.list_id = l.id);
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN gone + part;
END
$$;

REVOKE ALL ON FUNCTION suppression.purge FROM PUBLIC;

GRANT USAGE ON SCHEMA suppression TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT EXECUTE ON FUNCTION suppression.purge TO leadfly_worker;
GRANT SELECT, INSERT,
    UPDATE (name, kind, on_hit, sources, expires_after_days, changed_at, changed_by, deleted_at)
    ON suppression.lists TO leadfly_app;
GRANT SELECT, INSERT, DELETE, UPDATE (added_at, expires_at) ON suppression.entries TO leadfly_app;
-- The worker decides about leads that had to wait.
GRANT SELECT ON suppression.lists, suppression.entries TO leadfly_worker;
GRANT SELECT ON suppression.kept, suppression.listed TO leadfly_app, leadfly_worker;
GRANT SELECT ON suppression.lists TO leadfly_reader;
GRANT SELECT (tenant_id, list_id, added_at, expires_at) ON suppression.entries TO leadfly_reader;

-- Which accounts keep lists, for processes that must know it while this database is away: read
-- across tenants as the tables' owner, as usable_keys of 0005.
CREATE FUNCTION suppression.keepers()
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT DISTINCT l.tenant_id FROM suppression.lists AS l WHERE l.deleted_at IS NULL
$$;

REVOKE ALL ON FUNCTION suppression.keepers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION suppression.keepers TO leadfly_app;
