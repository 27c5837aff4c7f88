-- What else is known of a lead, who said so and when, beside what the person gave.
--
-- See docs/decisions/0059.

CREATE SCHEMA enrichment;

-- One asking of providers about one lead: who asked, on which basis, and what became of it.
CREATE TABLE enrichment.runs (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    id uuid NOT NULL, -- version 7
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL, -- the prefix of an API key, or `local`
    basis text CHECK (basis IN ('consent', 'contract', 'legal_obligation', 'vital_interests',
                                'public_task', 'legitimate_interests')), -- null: none was named
    basis_note bytea, -- sealed
    outcomes jsonb NOT NULL DEFAULT '{}', -- by provider: status, and why it did not answer
    ended_at timestamptz,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE UNIQUE INDEX runs_open ON enrichment.runs (tenant_id, lead_id) WHERE ended_at IS NULL;
CREATE INDEX runs_expiry ON enrichment.runs (expires_at);

CREATE TABLE enrichment.findings (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    provider text NOT NULL,
    value_key bigint NOT NULL, -- a pseudonym of field and value
    run_id uuid NOT NULL, -- the latest that found it; its row may be gone before
    position smallint NOT NULL, -- among what that run found
    field text NOT NULL,
    sealed bytea NOT NULL, -- value, source_url and note
    personal boolean NOT NULL, -- about a person rather than a company or a mailbox
    crossed_as text CHECK (crossed_as IN ('email', 'phone', 'domain', 'social', 'username', 'address')),
    crossed_key bigint, -- a pseudonym of kind and canonical value, to compare leads by
    first_seen_at timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, provider, value_key),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    CHECK ((crossed_as IS NULL) = (crossed_key IS NULL))
);
CREATE INDEX findings_crossed ON enrichment.findings (tenant_id, crossed_key)
    WHERE crossed_key IS NOT NULL;
CREATE INDEX findings_expiry ON enrichment.findings (expires_at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['runs', 'findings'] LOOP
        EXECUTE format('ALTER TABLE enrichment.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE enrichment.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON enrichment.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
        -- The purge below looks across tenants as the tables' owner.
        EXECUTE format('CREATE POLICY worker ON enrichment.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;

-- Published: that something was found of a lead, by whom and when; never what.
CREATE VIEW enrichment.summaries WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, count(*) AS findings,
           array_agg(DISTINCT provider ORDER BY provider) AS providers,
           max(found_at) AS found_at
    FROM enrichment.findings WHERE expires_at > now()
    GROUP BY tenant_id, lead_id;

-- Deletes what has expired at `moment`, of all tenants, `most` rows of each kind at a time. A clock
-- that runs ahead forgets nothing: the database's own must agree.
CREATE FUNCTION enrichment.purge(moment timestamptz, most integer)
    RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone bigint := 0;
    part bigint;
    passed timestamptz := least(moment, now());
BEGIN
    DELETE FROM enrichment.findings WHERE ctid = ANY (ARRAY(
        SELECT f.ctid FROM enrichment.findings AS f WHERE f.expires_at <= passed
        ORDER BY f.expires_at LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM enrichment.runs WHERE ctid = ANY (ARRAY(
        SELECT r.ctid FROM enrichment.runs AS r WHERE r.expires_at <= passed
        ORDER BY r.expires_at LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN gone + part;
END
$$;

REVOKE ALL ON FUNCTION enrichment.purge FROM PUBLIC;

GRANT USAGE ON SCHEMA enrichment TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT EXECUTE ON FUNCTION enrichment.purge TO leadfly_worker;
GRANT SELECT, INSERT, DELETE, UPDATE (outcomes, ended_at) ON enrichment.runs TO leadfly_app;
GRANT SELECT, INSERT, DELETE,
    UPDATE (run_id, position, sealed, personal, crossed_as, crossed_key, found_at, expires_at)
    ON enrichment.findings TO leadfly_app;
GRANT SELECT ON enrichment.summaries TO leadfly_app;
GRANT SELECT (tenant_id, lead_id, id, asked_at, asked_by, basis, outcomes, ended_at, expires_at)
    ON enrichment.runs TO leadfly_reader;
GRANT SELECT (tenant_id, lead_id, provider, run_id, field, personal, crossed_as, first_seen_at,
              found_at, expires_at)
    ON enrichment.findings TO leadfly_reader;

-- Published by the leads service: which investigations there are.
CREATE VIEW leads.searches WITH (security_invoker = true) AS
    SELECT tenant_id, id, status FROM leads.investigations;
GRANT SELECT ON leads.searches TO leadfly_app;
