-- Which keys were seen before, for how long, and by whose request.
--
-- See docs/decisions/0053.

CREATE SCHEMA seen;

CREATE TABLE seen.scopes (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    created_at timestamptz NOT NULL,
    deleted_at timestamptz, -- its keys count no longer; the purge takes them, and then it
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX scopes_name ON seen.scopes (tenant_id, name) WHERE deleted_at IS NULL;

-- A key counts while expires_at lies ahead, and is free from then on, whether it is still here or
-- not. The narrow columns last, so that nothing is padded: a row is 110 bytes and the account's name.
CREATE TABLE seen.keys (
    tenant_id text NOT NULL,
    scope_id uuid NOT NULL,
    mark uuid NOT NULL, -- 128 bits of a keyed hash of the key
    claim_id uuid NOT NULL, -- the request that has it
    first_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL, -- of a hold: its end
    ttl_days smallint NOT NULL CHECK (ttl_days BETWEEN 1 AND 3650), -- from first_seen_at
    is_held boolean NOT NULL, -- until it is confirmed
    PRIMARY KEY (tenant_id, scope_id, mark),
    FOREIGN KEY (tenant_id, scope_id) REFERENCES seen.scopes
);
CREATE INDEX keys_expiry ON seen.keys (expires_at);

-- What was answered to requests that may come again. It holds times and ids, and no key.
CREATE TABLE seen.answers (
    tenant_id text NOT NULL,
    idempotency_key bigint NOT NULL, -- a pseudonym
    request bigint NOT NULL, -- a pseudonym of all that it asked
    answer bytea NOT NULL, -- deflated JSON
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, idempotency_key)
);
CREATE INDEX answers_expiry ON seen.answers (expires_at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['scopes', 'keys', 'answers'] LOOP
        EXECUTE format('ALTER TABLE seen.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE seen.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON seen.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
        -- The purge below looks across tenants as the tables' owner.
        EXECUTE format('CREATE POLICY worker ON seen.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;

-- Deletes what counts no longer at `moment`, of all tenants, `most` rows of each kind at a time: keys
-- and answers past their time, keys of deleted scopes, and scopes that have none left. A clock that
-- runs ahead forgets nothing: the database's own must agree.
CREATE FUNCTION seen.purge(moment timestamptz, most integer)
    RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone bigint := 0;
    part bigint;
    passed timestamptz := least(moment, now());
    tenants text[];
    empty uuid[];
BEGIN
    DELETE FROM seen.keys WHERE ctid = ANY (ARRAY(
        SELECT k.ctid FROM seen.keys AS k WHERE k.expires_at <= passed
        ORDER BY k.expires_at LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM seen.keys WHERE ctid = ANY (ARRAY(
        SELECT own.ctid FROM seen.scopes AS s
        CROSS JOIN LATERAL (
            SELECT k.ctid FROM seen.keys AS k
            WHERE k.tenant_id = s.tenant_id AND k.scope_id = s.id LIMIT most
        ) AS own
        WHERE s.deleted_at IS NOT NULL LIMIT most));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM seen.answers WHERE ctid = ANY (ARRAY(
        SELECT a.ctid FROM seen.answers AS a WHERE a.expires_at <= passed
        ORDER BY a.expires_at LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    -- Whoever keeps a key holds its scope FOR KEY SHARE: what is locked here nobody is filling, and
    -- the second statement sees what was filled before.
    SELECT array_agg(idle.tenant_id), array_agg(idle.id) INTO tenants, empty
    FROM (
        SELECT s.tenant_id, s.id FROM seen.scopes AS s
        WHERE coalesce(s.deleted_at, s.created_at + interval '1 day') <= passed
          AND NOT EXISTS (SELECT FROM seen.keys AS k
                          WHERE k.tenant_id = s.tenant_id AND k.scope_id = s.id)
        LIMIT most FOR UPDATE SKIP LOCKED
    ) AS idle;
    DELETE FROM seen.scopes AS s
    USING unnest(tenants, empty) AS idle (tenant_id, id)
    WHERE s.tenant_id = idle.tenant_id AND s.id = idle.id
      AND NOT EXISTS (SELECT FROM seen.keys AS k
                      WHERE k.tenant_id = s.tenant_id AND k.scope_id = s.id);
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN gone + part;
END
$$;

REVOKE ALL ON FUNCTION seen.purge FROM PUBLIC;

GRANT USAGE ON SCHEMA seen TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT EXECUTE ON FUNCTION seen.purge TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (deleted_at) ON seen.scopes TO leadfly_app;
GRANT SELECT, INSERT, DELETE, UPDATE (claim_id, first_seen_at, expires_at, ttl_days, is_held)
    ON seen.keys TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (request, answer, expires_at) ON seen.answers TO leadfly_app;

GRANT SELECT ON seen.scopes TO leadfly_reader;
GRANT SELECT (tenant_id, scope_id, first_seen_at, expires_at, ttl_days, is_held)
    ON seen.keys TO leadfly_reader;
