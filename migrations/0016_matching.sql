-- The catalogue of services, and what leads were matched with them.
--
-- A service is one row and all its versions beside it; a match is one row a lead and a service, with
-- the scores and the statuses it had beside it. See docs/decisions/0041.

CREATE SCHEMA matching;

CREATE TABLE matching.services (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7, unless it was imported with one of its own
    version integer NOT NULL CHECK (version >= 1),
    service_name text NOT NULL CHECK (length(service_name) BETWEEN 1 AND 200),
    service_type text NOT NULL,
    service_category text,
    is_active boolean NOT NULL,
    definition jsonb NOT NULL, -- all that its owner said
    understood jsonb NOT NULL, -- its places and industries, as they were read
    created_at timestamptz NOT NULL,
    created_by text NOT NULL, -- the prefix of an API key, `local`, `command line` or `python`
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Every version that a service ever had, the present one included.
CREATE TABLE matching.service_versions (
    tenant_id text NOT NULL,
    service_id uuid NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    is_active boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, service_id, version),
    FOREIGN KEY (tenant_id, service_id) REFERENCES matching.services
);

CREATE TABLE matching.matches (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    service_id uuid NOT NULL,
    service_version integer NOT NULL, -- of the latest scoring
    match_score double precision NOT NULL CHECK (match_score BETWEEN 0 AND 100),
    score_low double precision NOT NULL,
    score_high double precision NOT NULL,
    geographic_points double precision NOT NULL CHECK (geographic_points BETWEEN 0 AND 25),
    industry_points double precision NOT NULL CHECK (industry_points BETWEEN 0 AND 20),
    need_points double precision NOT NULL CHECK (need_points BETWEEN 0 AND 25),
    profile_points double precision NOT NULL CHECK (profile_points BETWEEN 0 AND 15),
    behavioral_points double precision NOT NULL CHECK (behavioral_points BETWEEN 0 AND 15),
    confidence_level text NOT NULL CHECK (confidence_level IN ('low', 'medium', 'high')),
    priority text NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    reasons bytea NOT NULL, -- sealed: they cite what is known of the lead
    status text NOT NULL
        CHECK (status IN ('pending', 'contacted', 'interested', 'not_interested', 'converted')),
    first_matched_at timestamptz NOT NULL,
    matched_at timestamptz NOT NULL,
    status_changed_at timestamptz NOT NULL,
    ended_at timestamptz, -- the latest scoring found the service out of question
    told_score double precision, -- with which it was told of last; null: never
    PRIMARY KEY (tenant_id, lead_id, id),
    UNIQUE (tenant_id, lead_id, service_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, service_id) REFERENCES matching.services
);
CREATE INDEX matches_id ON matching.matches (tenant_id, id);
CREATE INDEX matches_service ON matching.matches (tenant_id, service_id, match_score DESC, lead_id)
    WHERE ended_at IS NULL;

-- Every scoring that said something else than the one before.
CREATE TABLE matching.scorings (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    match_id uuid NOT NULL,
    service_version integer NOT NULL,
    match_score double precision, -- null: out of question
    score_low double precision,
    score_high double precision,
    scored_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, match_id, id),
    FOREIGN KEY (tenant_id, lead_id, match_id) REFERENCES matching.matches ON DELETE CASCADE
);

-- What people said became of a match.
CREATE TABLE matching.status_changes (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    match_id uuid NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    notes bytea, -- sealed
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, match_id, id),
    FOREIGN KEY (tenant_id, lead_id, match_id) REFERENCES matching.matches ON DELETE CASCADE
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['services', 'service_versions', 'matches', 'scorings',
                                'status_changes'] LOOP
        EXECUTE format('ALTER TABLE matching.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE matching.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON matching.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- Published by the leads service: what of a lead is filtered, sorted and matched by.
CREATE VIEW leads.profiles WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, status, duplicate, received_at, signal_strength, intent_score,
           country, admin1, place, latitude, longitude, industry, company_size, lead_category,
           lead_type
    FROM leads.listing;

-- Published by it, too: the signals that a lead was created with, without what they quote.
CREATE VIEW leads.signals_given WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, signal_type, strength, detected_at FROM leads.signals;

GRANT USAGE ON SCHEMA matching TO leadfly_app, leadfly_reader;
GRANT SELECT, INSERT,
    UPDATE (version, service_name, service_type, service_category, is_active, definition,
            understood, changed_at, changed_by)
    ON matching.services TO leadfly_app;
GRANT SELECT, INSERT ON matching.service_versions, matching.scorings, matching.status_changes
    TO leadfly_app;
GRANT SELECT, INSERT,
    UPDATE (service_version, match_score, score_low, score_high, geographic_points,
            industry_points, need_points, profile_points, behavioral_points, confidence_level,
            priority, reasons, status, matched_at, status_changed_at, ended_at, told_score)
    ON matching.matches TO leadfly_app;
GRANT SELECT ON leads.profiles, leads.signals_given TO leadfly_app;
GRANT SELECT ON matching.services, matching.service_versions, matching.scorings
    TO leadfly_reader;
GRANT SELECT (tenant_id, id, lead_id, service_id, service_version, match_score, score_low,
              score_high, geographic_points, industry_points, need_points, profile_points,
              behavioral_points, confidence_level, priority, status, first_matched_at, matched_at,
              status_changed_at, ended_at, told_score)
    ON matching.matches TO leadfly_reader;
GRANT SELECT (tenant_id, id, lead_id, match_id, before, after, changed_at, changed_by)
    ON matching.status_changes TO leadfly_reader;
