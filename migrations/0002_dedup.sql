-- What the duplicate check remembers of a lead beyond the lead itself.

CREATE SCHEMA dedup;

CREATE TABLE dedup.records (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    -- The canonical values that comparisons read; sealed where the privacy mode says so.
    compared bytea NOT NULL,
    ip_key bigint,
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX records_ip ON dedup.records (tenant_id, ip_key, submitted_at) WHERE ip_key IS NOT NULL;

-- A blocking key is 64 bits of a keyed HMAC: without the key, which is not in this database,
-- nobody can walk the telephone numbers and see who is here.
CREATE TABLE dedup.blocking_keys (
    tenant_id text NOT NULL,
    blocking_key bigint NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, blocking_key, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX blocking_keys_lead ON dedup.blocking_keys (tenant_id, lead_id);

CREATE TABLE dedup.decisions (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    lead_id uuid NOT NULL,
    action text NOT NULL,
    match_probability double precision NOT NULL,
    risk_score double precision NOT NULL,
    compared_with uuid,
    evidence jsonb NOT NULL,
    model_version text NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX decisions_lead ON dedup.decisions (tenant_id, lead_id);

CREATE TABLE dedup.reviews (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    lead_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    judgement text,
    judged_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, decision_id) REFERENCES dedup.decisions ON DELETE CASCADE
);
CREATE INDEX reviews_lead ON dedup.reviews (tenant_id, lead_id);
CREATE INDEX reviews_decision ON dedup.reviews (tenant_id, decision_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['records', 'blocking_keys', 'decisions', 'reviews'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA dedup TO leadfly_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dedup TO leadfly_app;
