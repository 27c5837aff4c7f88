-- Which places a lead has under the caps: what it was counted in, so that it can be given back once.
CREATE TABLE dedup.places (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    -- One object a count: the names of its scope, `per`, `begins_at` and, but for a total, `ends_at`.
    counted jsonb NOT NULL,
    held_until timestamptz, -- when its hold is over; NULL if the place is kept
    ends_at timestamptz, -- when the last of its spans is over; NULL where a total is among them
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX places_held ON dedup.places (tenant_id, held_until) WHERE held_until IS NOT NULL;
CREATE INDEX places_over ON dedup.places (ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX counts_begun ON dedup.counts (begins_at) WHERE per <> 'total';
CREATE INDEX pings_day ON dedup.pings (day);

-- Keyed pseudonyms of the digests of a lead's addresses and numbers, for accounts that answer pings
-- which name a person by a digest alone.
CREATE TABLE dedup.hashed_keys (
    tenant_id text NOT NULL,
    key bigint NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, key, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE TABLE dedup.hashed_accounts (
    tenant_id text PRIMARY KEY,
    switched_on_at timestamptz NOT NULL,
    switched_on_by text NOT NULL, -- the prefix of an API key, or `local`
    complete_at timestamptz -- when earlier leads were known by their digests, too
);
CREATE INDEX hashed_keys_lead ON dedup.hashed_keys (tenant_id, lead_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['places', 'hashed_keys', 'hashed_accounts'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
    -- The purge below looks across tenants as the tables' owner.
    FOREACH name IN ARRAY ARRAY['counts', 'places', 'pings'] LOOP
        EXECUTE format('CREATE POLICY worker ON dedup.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, DELETE, UPDATE (held_until) ON dedup.places TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT ON dedup.hashed_keys TO leadfly_app, leadfly_worker;
GRANT DELETE ON dedup.hashed_keys TO leadfly_worker;
GRANT SELECT, INSERT, DELETE ON dedup.hashed_accounts TO leadfly_app;
GRANT SELECT, UPDATE (complete_at) ON dedup.hashed_accounts TO leadfly_worker;
GRANT SELECT ON dedup.places, dedup.hashed_accounts TO leadfly_reader;

-- Forgets, at most `most` rows of each kind, what no cap asks for any more: counts of spans that
-- began 92 days ago (the longest, a month, has been over for two), places whose spans are all over,
-- and the numbers of pings of 400 days ago. A total is never over.
CREATE FUNCTION dedup.purge_trade(moment timestamptz, most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone bigint := 0;
    part bigint;
    passed timestamptz := least(moment, now());
BEGIN
    DELETE FROM dedup.counts WHERE ctid = ANY (ARRAY(
        SELECT c.ctid FROM dedup.counts AS c
        WHERE c.per <> 'total' AND c.begins_at <= passed - interval '92 days'
        ORDER BY c.begins_at LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM dedup.places WHERE ctid = ANY (ARRAY(
        SELECT p.ctid FROM dedup.places AS p WHERE p.ends_at <= passed
        ORDER BY p.ends_at LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM dedup.pings WHERE ctid = ANY (ARRAY(
        SELECT p.ctid FROM dedup.pings AS p WHERE p.day <= (passed - interval '400 days')::date
        ORDER BY p.day LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN gone + part;
END
$$;

REVOKE ALL ON FUNCTION dedup.purge_trade FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dedup.purge_trade TO leadfly_worker;
