-- Scans: leads that are stored already, compared with each other; what is found is reviewed.
--
-- See docs/decisions/0062.

CREATE TABLE dedup.scans (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    only_unchecked boolean NOT NULL, -- true: leads that no check has compared with anybody
    status text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL, -- the prefix of an API key, `local`, `command line` or `nightly`
    started_at timestamptz,
    ended_at timestamptz,
    after_lead uuid, -- all leads up to this one are done
    leads_total bigint NOT NULL DEFAULT 0,
    leads_done bigint NOT NULL DEFAULT 0,
    leads_failed bigint NOT NULL DEFAULT 0,
    pairs_compared bigint NOT NULL DEFAULT 0,
    pairs_known bigint NOT NULL DEFAULT 0, -- likely, and asked about before
    reviews_opened bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    CHECK ((ended_at IS NULL) = (status IN ('waiting', 'running')))
);
CREATE UNIQUE INDEX scans_open ON dedup.scans (tenant_id) WHERE ended_at IS NULL;

-- How an account wants its nights; without a row: as anybody.
CREATE TABLE dedup.scan_habits (
    tenant_id text PRIMARY KEY,
    nightly boolean NOT NULL DEFAULT true,
    looked_at timestamptz -- when the worker last looked whether there is anything to scan
);

-- Leads that no check has compared with anybody, and that a scan has.
CREATE TABLE dedup.scanned_leads (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

-- Leads that scans found to belong together, perhaps: what is looked at together.
CREATE TABLE dedup.scan_members (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    group_id uuid NOT NULL, -- that of a lead of the group, which may be gone
    as_lead uuid, -- the lead whose person a check would have made it a record of
    review_id uuid, -- that asks so: once it is settled, the person says it, and not this row
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX scan_members_group ON dedup.scan_members (tenant_id, group_id, lead_id);

ALTER TABLE dedup.reviews ADD scan_id uuid; -- null: a check opened it
CREATE INDEX reviews_scan ON dedup.reviews (tenant_id, scan_id, id) WHERE scan_id IS NOT NULL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['scans', 'scan_habits', 'scanned_leads', 'scan_members'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
        -- The functions below look across tenants as the tables' owner.
        EXECUTE format('CREATE POLICY worker ON dedup.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;
CREATE POLICY worker ON public.leads FOR SELECT TO CURRENT_USER USING (true);

-- Whose scans are to be gone on with.
CREATE FUNCTION dedup.tenants_scanning(most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT job.tenant_id FROM dedup.scans AS job WHERE job.ended_at IS NULL LIMIT most
$$;

-- Who has leads, and whom nobody has looked at since `night`; the tenants after `after`.
CREATE FUNCTION dedup.tenants_to_look_at(night timestamptz, after text, most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    -- From one tenant to the next along the primary key, however many leads each has.
    WITH RECURSIVE owner AS (
        (SELECT l.tenant_id FROM public.leads AS l
         WHERE l.tenant_id > after ORDER BY l.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT l.tenant_id FROM public.leads AS l
                WHERE l.tenant_id > owner.tenant_id ORDER BY l.tenant_id LIMIT 1)
        FROM owner WHERE owner.tenant_id IS NOT NULL
    )
    SELECT owner.tenant_id FROM owner
    LEFT JOIN dedup.scan_habits AS habit ON habit.tenant_id = owner.tenant_id
    WHERE owner.tenant_id IS NOT NULL
      AND (habit.tenant_id IS NULL
           OR (habit.nightly AND (habit.looked_at IS NULL OR habit.looked_at < night)))
    LIMIT most
$$;

REVOKE ALL ON FUNCTION dedup.tenants_scanning, dedup.tenants_to_look_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dedup.tenants_scanning, dedup.tenants_to_look_at TO leadfly_worker;

GRANT SELECT, INSERT, UPDATE (status, ended_at) ON dedup.scans TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (nightly) ON dedup.scan_habits TO leadfly_app;
GRANT SELECT ON dedup.scan_members TO leadfly_app;
GRANT SELECT, INSERT,
    UPDATE (status, started_at, ended_at, after_lead, leads_total, leads_done, leads_failed,
            pairs_compared, pairs_known, reviews_opened)
    ON dedup.scans TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (looked_at) ON dedup.scan_habits TO leadfly_worker;
GRANT SELECT, INSERT ON dedup.scanned_leads TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (group_id, as_lead, review_id) ON dedup.scan_members TO leadfly_worker;
GRANT SELECT ON dedup.scans, dedup.scan_habits, dedup.scan_members TO leadfly_reader;
