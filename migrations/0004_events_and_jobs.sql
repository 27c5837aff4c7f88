-- What happened to a lead, for those who subscribe; and what is still to be done about it.
--
-- Both are written in the transaction that decides, so there is never one without the other.
-- They hold ids, verdicts and times; what a lead said stays in the lead.

CREATE TABLE public.events (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7: the order of ids is the order of events
    event text NOT NULL,
    lead_id uuid NOT NULL,
    data jsonb NOT NULL,
    occurred_at timestamptz NOT NULL,
    delivered_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX events_lead ON public.events (tenant_id, lead_id);
CREATE INDEX events_pending ON public.events (tenant_id, id) WHERE delivered_at IS NULL;

CREATE TABLE public.jobs (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    lead_id uuid NOT NULL,
    arguments jsonb NOT NULL,
    enqueued_at timestamptz NOT NULL DEFAULT now(),
    -- When it may be claimed next: a claim moves it to the end of its lease, a failure further.
    due_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    claim uuid, -- the latest one; whoever holds an older one has been overtaken
    failure text, -- the type of the latest error, never its message
    dead_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX jobs_lead ON public.jobs (tenant_id, lead_id);
CREATE INDEX jobs_due ON public.jobs (due_at) WHERE dead_at IS NULL;
CREATE INDEX jobs_dead ON public.jobs (tenant_id, id) WHERE dead_at IS NOT NULL;

-- When each periodic task of the installation runs next; nobody's data.
CREATE TABLE public.schedules (
    name text PRIMARY KEY,
    due_at timestamptz NOT NULL
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['events', 'jobs'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON public.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE (delivered_at) ON public.events TO leadfly_app;
GRANT SELECT, INSERT, DELETE, UPDATE (due_at, tries, claim, failure, dead_at)
    ON public.jobs TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (due_at) ON public.schedules TO leadfly_app;

-- A worker does not know whose job is due next. The two functions below look across tenants as
-- the tables' owner, which FORCE would otherwise bind too; the application can do no more across
-- tenants than what they do.
CREATE POLICY worker ON public.jobs TO CURRENT_USER USING (true);

-- The jobs that are due, longest due first, each under a new claim until its lease ends.
CREATE FUNCTION public.claim_jobs(most integer, lease interval, moment timestamptz)
    RETURNS SETOF public.jobs
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM public.jobs
        WHERE due_at <= moment AND dead_at IS NULL
        ORDER BY due_at LIMIT most
        FOR UPDATE SKIP LOCKED
    )
    UPDATE public.jobs AS job
    SET due_at = moment + lease, tries = job.tries + 1, claim = gen_random_uuid()
    FROM due WHERE job.tenant_id = due.tenant_id AND job.id = due.id
    RETURNING job.*
$$;

-- How many dead letters each tenant has.
CREATE FUNCTION public.dead_jobs()
    RETURNS TABLE (tenant_id text, dead bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT tenant_id, count(*) FROM public.jobs WHERE dead_at IS NOT NULL
    GROUP BY tenant_id ORDER BY tenant_id
$$;

REVOKE ALL ON FUNCTION public.claim_jobs, public.dead_jobs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.claim_jobs, public.dead_jobs TO leadfly_app;
