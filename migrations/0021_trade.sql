-- The terms of the trade: for whom, since when and how many leads are taken.

CREATE TABLE dedup.terms (
    tenant_id text NOT NULL,
    source_id text NOT NULL, -- '' is any
    buyer_id text NOT NULL, -- '' is any
    campaign_id text NOT NULL, -- '' is any
    settings jsonb NOT NULL, -- only what was set
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL, -- the prefix of an API key, or `local`
    PRIMARY KEY (tenant_id, source_id, buyer_id, campaign_id)
);

-- Append-only: the application may add to it and read it, and no more.
CREATE TABLE dedup.term_changes (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7: the order of ids is the order of changes
    source_id text NOT NULL,
    buyer_id text NOT NULL,
    campaign_id text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    earlier jsonb, -- null where nothing was set
    later jsonb, -- null where it was unset
    PRIMARY KEY (tenant_id, id)
);

-- What became of a lead in the trade. A lead without a row was taken if it was let through.
CREATE TABLE dedup.deals (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    buyer_id text NOT NULL,
    campaign_id text NOT NULL,
    state text NOT NULL CHECK (state IN
        ('accepted', 'flagged', 'rejected', 'held', 'confirmed', 'released', 'returned')),
    hold_id uuid,
    held_until timestamptz,
    settled_at timestamptz, -- when a hold was confirmed or released, or the lead returned
    offered_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    CHECK ((hold_id IS NULL) = (held_until IS NULL)),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE UNIQUE INDEX deals_hold ON dedup.deals (tenant_id, hold_id) WHERE hold_id IS NOT NULL;

-- How many leads were let through under a capped scope in a span of time.
CREATE TABLE dedup.counts (
    tenant_id text NOT NULL,
    source_id text NOT NULL,
    buyer_id text NOT NULL,
    campaign_id text NOT NULL,
    per text NOT NULL CHECK (per IN ('hour', 'day', 'week', 'month', 'total')),
    begins_at timestamptz NOT NULL,
    leads bigint NOT NULL CHECK (leads >= 0),
    PRIMARY KEY (tenant_id, source_id, buyer_id, campaign_id, per, begins_at)
);

-- Pings are not kept; only how many there were, by day.
CREATE TABLE dedup.pings (
    tenant_id text NOT NULL,
    source_id text NOT NULL,
    buyer_id text NOT NULL,
    day date NOT NULL,
    outcome text NOT NULL, -- `success`, or the reason of a failure
    pings bigint NOT NULL,
    PRIMARY KEY (tenant_id, day, source_id, buyer_id, outcome)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['terms', 'term_changes', 'deals', 'counts', 'pings'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, DELETE, UPDATE (settings, changed_at, changed_by) ON dedup.terms
    TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (leads) ON dedup.counts TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT ON dedup.term_changes TO leadfly_app;
GRANT SELECT, INSERT, UPDATE ON dedup.deals TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (pings) ON dedup.pings TO leadfly_app;
GRANT SELECT ON dedup.terms, dedup.reviews TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE ON dedup.deals TO leadfly_worker;
GRANT SELECT ON dedup.terms, dedup.term_changes, dedup.deals, dedup.counts, dedup.pings TO leadfly_reader;
