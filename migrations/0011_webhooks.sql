-- Who wants to hear what happens to an account's leads, and what became of telling them.

CREATE SCHEMA webhooks;

CREATE TABLE webhooks.endpoints (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    -- Sealed, both: a webhook's address is often a secret itself.
    url bytea NOT NULL,
    secret bytea NOT NULL,
    -- The secret before the latest rotation signs beside it until then.
    former_secret bytea,
    former_until timestamptz,
    events text[] NOT NULL,
    description text NOT NULL,
    active boolean NOT NULL,
    -- Why it is not active: `paused` by its owner, `gone` or `failing` by what it answered.
    ended_because text CHECK (ended_because IN ('paused', 'gone', 'failing')),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    -- It hears of what happened from then on: when it was made, or made active again.
    hears_since timestamptz NOT NULL,
    hears_from uuid NOT NULL, -- no event since then has a smaller id
    failures integer NOT NULL DEFAULT 0, -- in a row
    failing_since timestamptz,
    held_until timestamptz, -- nothing is sent before
    last_delivered_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX endpoints_hearing ON webhooks.endpoints (tenant_id, hears_from) WHERE active;

-- One event on its way to one endpoint. It goes with its event, and that with its lead. There may be
-- millions for one endpoint: neither its removal nor its end touches them.
CREATE TABLE webhooks.deliveries (
    tenant_id text NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    event text NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'dropped')),
    attempts integer NOT NULL DEFAULT 0,
    answered integer, -- the HTTP status of the latest answer
    failure text, -- why the latest attempt failed, in our words
    created_at timestamptz NOT NULL,
    next_try_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, endpoint_id, event_id),
    FOREIGN KEY (tenant_id, lead_id, event_id) REFERENCES public.events ON DELETE CASCADE
);
CREATE INDEX deliveries_event ON webhooks.deliveries (tenant_id, lead_id, event_id);

-- For the purge; it costs an insert next to nothing.
CREATE INDEX events_age ON public.events USING brin (occurred_at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['endpoints', 'deliveries'] LOOP
        EXECUTE format('ALTER TABLE webhooks.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE webhooks.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON webhooks.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- The functions below look across tenants as the tables' owner, as those of 0004 do.
CREATE POLICY worker ON webhooks.endpoints TO CURRENT_USER USING (true);
CREATE POLICY worker ON public.events TO CURRENT_USER USING (true);

-- Tenants with an active endpoint and an event that was not handed over; the first id that counts.
-- Tenants without an endpoint are not looked at, however many events they have. LATERAL with ORDER
-- BY and LIMIT keeps it at one look into events_pending for each tenant; without the order the
-- planner expects to meet such an event soon in any case, and reads the table.
CREATE FUNCTION webhooks.listening()
    RETURNS TABLE (tenant_id text, hears_from uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT first.tenant_id, first.hears_from
    FROM (
        SELECT DISTINCT ON (e.tenant_id) e.tenant_id, e.hears_from FROM webhooks.endpoints AS e
        WHERE e.active ORDER BY e.tenant_id, e.hears_from
    ) AS first
    CROSS JOIN LATERAL (
        SELECT FROM public.events AS v
        WHERE v.tenant_id = first.tenant_id AND v.delivered_at IS NULL
          AND v.id >= first.hears_from
        ORDER BY v.id LIMIT 1
    ) AS waiting
$$;

-- As claim_jobs of 0004, among the jobs that the caller can do just now.
CREATE FUNCTION public.claim_jobs_among(
    most integer, lease interval, moment timestamptz, wanted text, without text[], busy text[])
    RETURNS SETOF public.jobs
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM public.jobs
        WHERE due_at <= moment AND dead_at IS NULL AND (wanted IS NULL OR kind = wanted)
          AND kind <> ALL (without) AND tenant_id <> ALL (busy)
        ORDER BY due_at LIMIT most
        FOR UPDATE SKIP LOCKED
    )
    UPDATE public.jobs AS job
    SET due_at = moment + lease, tries = job.tries + 1, claim = gen_random_uuid()
    FROM due WHERE job.tenant_id = due.tenant_id AND job.id = due.id
    RETURNING job.*
$$;

-- Deletes events older than `kept`, `most` at a time, and their deliveries by the cascade.
CREATE FUNCTION public.purge_events(kept interval, most integer)
    RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH gone AS (
        DELETE FROM public.events WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM public.events
            WHERE occurred_at < now() - greatest(kept, interval '30 days') LIMIT most))
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION
    webhooks.listening, public.claim_jobs_among, public.purge_events FROM PUBLIC;
DROP FUNCTION public.claim_jobs(integer, interval, timestamptz);

-- The owner of an endpoint speaks through the app; what is told and how it went, the worker writes.
GRANT USAGE ON SCHEMA webhooks TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.endpoints TO leadfly_app;
GRANT SELECT ON webhooks.deliveries TO leadfly_app;
GRANT EXECUTE ON FUNCTION
    webhooks.listening, public.claim_jobs_among, public.purge_events TO leadfly_worker;
GRANT SELECT, UPDATE (failures, failing_since, held_until, last_delivered_at, active,
                      ended_because, changed_at)
    ON webhooks.endpoints TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (status, attempts, answered, failure, next_try_at, ended_at)
    ON webhooks.deliveries TO leadfly_worker;
GRANT SELECT ON webhooks.deliveries TO leadfly_reader;
