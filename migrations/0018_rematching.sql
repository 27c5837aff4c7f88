-- Matching many leads anew: the jobs that do it, and the services that changed meanwhile.
--
-- A match keeps its latest scoring; matching.scorings holds former ones alone. Reasons are worked
-- out when somebody reads them, unless they were written with the match. See docs/decisions/0043.

ALTER TABLE matching.matches ALTER reasons DROP NOT NULL;
ALTER TABLE matching.matches ADD scored_at timestamptz; -- when it came to score as it does, or ended
ALTER TABLE matching.scorings
    ADD points double precision[] CHECK (cardinality(points) = 5); -- in the order of CRITERIA

ALTER TABLE matching.matches NO FORCE ROW LEVEL SECURITY;
ALTER TABLE matching.scorings NO FORCE ROW LEVEL SECURITY;
WITH latest AS (
    DELETE FROM matching.scorings AS scoring
    WHERE NOT EXISTS (
        SELECT FROM matching.scorings AS later
        WHERE later.tenant_id = scoring.tenant_id AND later.lead_id = scoring.lead_id
          AND later.match_id = scoring.match_id AND later.id > scoring.id)
    RETURNING tenant_id, lead_id, match_id, scored_at
)
UPDATE matching.matches AS match SET scored_at = latest.scored_at
FROM latest
WHERE match.tenant_id = latest.tenant_id AND match.lead_id = latest.lead_id
  AND match.id = latest.match_id;
UPDATE matching.matches SET scored_at = matched_at WHERE scored_at IS NULL;
ALTER TABLE matching.matches FORCE ROW LEVEL SECURITY;
ALTER TABLE matching.scorings FORCE ROW LEVEL SECURITY;
ALTER TABLE matching.matches ALTER scored_at SET NOT NULL;

CREATE TABLE matching.rematches (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    service_ids uuid[], -- null: all that are active
    min_match_score double precision NOT NULL CHECK (min_match_score BETWEEN 0 AND 100),
    most_kept integer NOT NULL CHECK (most_kept >= 1), -- services a lead
    tell boolean NOT NULL,
    automatic boolean NOT NULL, -- because services changed
    status text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL, -- the prefix of an API key, `local`, `command line` or `automatic`
    started_at timestamptz,
    ended_at timestamptz,
    after_lead uuid, -- all leads up to this one are done
    leads_total integer NOT NULL DEFAULT 0,
    leads_done integer NOT NULL DEFAULT 0,
    leads_failed integer NOT NULL DEFAULT 0,
    matches_kept bigint NOT NULL DEFAULT 0,
    matches_ended bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    CHECK ((ended_at IS NULL) = (status IN ('waiting', 'running')))
);
CREATE UNIQUE INDEX rematches_open ON matching.rematches (tenant_id) WHERE ended_at IS NULL;

-- Services that changed since leads were last matched with them.
CREATE TABLE matching.changed_services (
    tenant_id text NOT NULL,
    service_id uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, service_id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES matching.services
);

CREATE FUNCTION matching.note_changed_service() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO matching.changed_services AS known (tenant_id, service_id, changed_at)
    VALUES (NEW.tenant_id, NEW.id, NEW.changed_at)
    ON CONFLICT (tenant_id, service_id) DO UPDATE SET changed_at = excluded.changed_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_changed AFTER INSERT OR UPDATE OF version ON matching.services
    FOR EACH ROW EXECUTE FUNCTION matching.note_changed_service();
REVOKE ALL ON FUNCTION matching.note_changed_service FROM PUBLIC;

-- Leads that have matches and whose profile changed since they were scored.
CREATE TABLE matching.unscored (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

CREATE FUNCTION matching.note_unscored() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO matching.unscored (tenant_id, lead_id)
    SELECT changed.tenant_id, changed.lead_id FROM changed
    CROSS JOIN LATERAL (
        SELECT FROM matching.matches AS match
        WHERE match.tenant_id = changed.tenant_id AND match.lead_id = changed.lead_id LIMIT 1
    ) AS matched
    ORDER BY changed.tenant_id, changed.lead_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_unscored AFTER INSERT ON matching.profiles
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.note_unscored();
CREATE TRIGGER note_unscored_again AFTER UPDATE ON matching.profiles
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.note_unscored();
REVOKE ALL ON FUNCTION matching.note_unscored FROM PUBLIC;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['rematches', 'changed_services', 'unscored'] LOOP
        EXECUTE format('ALTER TABLE matching.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE matching.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON matching.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
        -- The worker does not know whose leads wait; as in 0013 a function of the owner's does.
        EXECUTE format('CREATE POLICY worker ON matching.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;

CREATE FUNCTION matching.to_be_rematched(most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    -- From one tenant to the next along the primary key, however many leads wait of each.
    WITH RECURSIVE waiting AS (
        (SELECT u.tenant_id FROM matching.unscored AS u ORDER BY u.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT u.tenant_id FROM matching.unscored AS u
                WHERE u.tenant_id > waiting.tenant_id ORDER BY u.tenant_id LIMIT 1)
        FROM waiting WHERE waiting.tenant_id IS NOT NULL
    )
    SELECT job.tenant_id FROM matching.rematches AS job WHERE job.ended_at IS NULL
    UNION
    SELECT changed.tenant_id FROM matching.changed_services AS changed
    UNION
    SELECT waiting.tenant_id FROM waiting WHERE waiting.tenant_id IS NOT NULL
    LIMIT most
$$;
REVOKE ALL ON FUNCTION matching.to_be_rematched FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matching.to_be_rematched TO leadfly_worker;

GRANT USAGE ON SCHEMA matching TO leadfly_worker;
GRANT UPDATE (scored_at) ON matching.matches TO leadfly_app;
GRANT SELECT (scored_at) ON matching.matches TO leadfly_reader;
GRANT SELECT, INSERT, UPDATE (status, ended_at) ON matching.rematches TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (changed_at) ON matching.changed_services TO leadfly_app;
GRANT SELECT, INSERT,
    UPDATE (status, started_at, ended_at, after_lead, leads_total, leads_done, leads_failed,
            matches_kept, matches_ended)
    ON matching.rematches TO leadfly_worker;
GRANT SELECT, DELETE ON matching.changed_services TO leadfly_worker;
GRANT SELECT, INSERT ON matching.unscored TO leadfly_app;
-- Whoever may update a column locks the row; nobody changes a note.
GRANT SELECT, INSERT, DELETE, UPDATE (lead_id) ON matching.unscored TO leadfly_worker;
GRANT SELECT ON matching.services TO leadfly_worker;
GRANT SELECT, INSERT,
    UPDATE (service_version, match_score, score_low, score_high, geographic_points,
            industry_points, need_points, profile_points, behavioral_points, confidence_level,
            priority, reasons, matched_at, scored_at, ended_at, told_score)
    ON matching.matches TO leadfly_worker;
GRANT INSERT ON matching.scorings TO leadfly_worker;
GRANT SELECT ON matching.rematches, matching.changed_services TO leadfly_reader;
