-- Weights learned from what became of matches, and leads given to services within their capacity.
--
-- Weights are part of a service's version, so a score always names those it was made with. How many
-- leads a service got on a day stands apart from which, so that an erasure does not make room.
-- See docs/decisions/0044.

ALTER TABLE matching.services
    ADD weights double precision[] CHECK (cardinality(weights) = 5), -- null: the usual
    ADD weights_version integer; -- of matching.weights
ALTER TABLE matching.service_versions ADD weights double precision[], ADD weights_version integer;

-- What a match scored when the service got the lead: what outcomes are learned from.
CREATE TABLE matching.handed_over (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    match_id uuid NOT NULL,
    service_id uuid NOT NULL,
    points double precision[] NOT NULL CHECK (cardinality(points) = 5), -- in the order of CRITERIA
    handed_at timestamptz NOT NULL,
    -- False: scored anew since it was first matched, and nobody said that it was handed over before
    -- the outcome was known, so the score may know of it.
    blind boolean NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, match_id),
    FOREIGN KEY (tenant_id, lead_id, match_id) REFERENCES matching.matches ON DELETE CASCADE
);
CREATE INDEX handed_over_service ON matching.handed_over (tenant_id, service_id, match_id);

-- Every set of weights that was learned of a service, in force or not.
CREATE TABLE matching.weights (
    tenant_id text NOT NULL,
    service_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    weights double precision[] CHECK (cardinality(weights) = 5), -- null: there are none to be had
    verdict text NOT NULL,
    accepted boolean NOT NULL,
    outcomes integer NOT NULL,
    good integer NOT NULL,
    usual_log_loss double precision NOT NULL,
    usual_pair_order double precision NOT NULL,
    learned_log_loss double precision NOT NULL,
    learned_pair_order double precision NOT NULL,
    gain double precision NOT NULL,
    gain_error double precision NOT NULL,
    learned_at timestamptz NOT NULL,
    learned_by text NOT NULL, -- the prefix of an API key, `local` or `worker`
    PRIMARY KEY (tenant_id, service_id, version),
    FOREIGN KEY (tenant_id, service_id) REFERENCES matching.services
);

-- What the worker may do by itself, where somebody said; without a row it proposes.
CREATE TABLE matching.learning (
    tenant_id text NOT NULL,
    service_id uuid NOT NULL,
    mode text NOT NULL CHECK (mode IN ('off', 'propose', 'apply')),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, service_id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES matching.services
);

-- Leads that were given to a service; the latest of a lead is the one that holds.
CREATE TABLE matching.assignments (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    match_id uuid NOT NULL,
    service_id uuid NOT NULL,
    match_score double precision NOT NULL,
    day date NOT NULL, -- the provider's
    capacity_left integer, -- after it; null: no limit
    given_at timestamptz NOT NULL,
    given_by text NOT NULL, -- the prefix of an API key, or `local`
    PRIMARY KEY (tenant_id, lead_id, id),
    UNIQUE (tenant_id, lead_id, match_id),
    FOREIGN KEY (tenant_id, lead_id, match_id) REFERENCES matching.matches ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, service_id) REFERENCES matching.services
);
CREATE INDEX assignments_day ON matching.assignments (tenant_id, service_id, day, id);

-- How many leads a service was given on a day, erased ones with them, and when the last.
CREATE TABLE matching.days_given (
    tenant_id text NOT NULL,
    service_id uuid NOT NULL,
    day date NOT NULL,
    given integer NOT NULL CHECK (given >= 1),
    last_given_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, service_id, day),
    FOREIGN KEY (tenant_id, service_id) REFERENCES matching.services
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['handed_over', 'weights', 'learning', 'assignments',
                                'days_given'] LOOP
        EXECUTE format('ALTER TABLE matching.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE matching.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON matching.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- The worker does not know whose leads had an outcome; as in 0013 a function of the owner's does.
CREATE POLICY worker ON matching.handed_over TO CURRENT_USER USING (true);

CREATE FUNCTION matching.to_learn(after text, most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    -- From one tenant to the next along the primary key.
    WITH RECURSIVE found AS (
        (SELECT h.tenant_id FROM matching.handed_over AS h
         WHERE h.tenant_id > after ORDER BY h.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT h.tenant_id FROM matching.handed_over AS h
                WHERE h.tenant_id > found.tenant_id ORDER BY h.tenant_id LIMIT 1)
        FROM found WHERE found.tenant_id IS NOT NULL
    )
    SELECT found.tenant_id FROM found WHERE found.tenant_id IS NOT NULL LIMIT most
$$;
REVOKE ALL ON FUNCTION matching.to_learn FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matching.to_learn TO leadfly_worker;

GRANT UPDATE (weights, weights_version) ON matching.services TO leadfly_app;
GRANT SELECT, INSERT ON matching.handed_over, matching.weights, matching.assignments TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (mode, changed_at, changed_by) ON matching.learning TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (given, last_given_at) ON matching.days_given TO leadfly_app;

GRANT USAGE ON SCHEMA matching TO leadfly_worker;
GRANT SELECT, UPDATE (version, changed_at, changed_by, weights, weights_version)
    ON matching.services TO leadfly_worker;
GRANT SELECT, INSERT ON matching.weights TO leadfly_worker;
GRANT INSERT ON matching.service_versions TO leadfly_worker;
GRANT SELECT ON matching.handed_over, matching.learning, matching.matches TO leadfly_worker;
GRANT SELECT (tenant_id, id, lead_id, match_id, before, after, changed_at, changed_by)
    ON matching.status_changes TO leadfly_worker;
-- Of its trigger of 0018.
GRANT INSERT, UPDATE (changed_at) ON matching.changed_services TO leadfly_worker;

GRANT SELECT ON matching.handed_over, matching.weights, matching.learning, matching.assignments,
    matching.days_given TO leadfly_reader;
