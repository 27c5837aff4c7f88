-- Discovery: jobs that ask sources for people, what they found, and where each of it comes from.
--
-- See docs/decisions/0058.

CREATE SCHEMA discovery;

-- Sources as accounts have set them up.
CREATE TABLE discovery.sources (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    type text NOT NULL,
    settings bytea NOT NULL, -- sealed: they may hold keys
    created_at timestamptz NOT NULL,
    created_by text NOT NULL, -- the prefix of an API key, `local` or `python`
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX sources_name ON discovery.sources (tenant_id, name);

CREATE TABLE discovery.jobs (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    investigation_id uuid NOT NULL,
    wanted bytea NOT NULL, -- sealed: criteria may name people, settings of sources hold keys
    status text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    started_at timestamptz,
    changed_at timestamptz NOT NULL,
    ended_at timestamptz,
    revision bigint NOT NULL DEFAULT 0, -- one more at every change; events are numbered by it
    tries integer NOT NULL DEFAULT 0, -- times that it was begun and not given back
    claim uuid, -- of whoever works on it
    claimed_until timestamptz,
    failure text,
    retry_key bigint, -- a pseudonym of the request's own name
    request bigint, -- and of what was asked for
    PRIMARY KEY (tenant_id, id),
    CHECK ((ended_at IS NULL) = (status IN ('waiting', 'running')))
);
CREATE UNIQUE INDEX jobs_retry ON discovery.jobs (tenant_id, retry_key)
    WHERE retry_key IS NOT NULL;
CREATE INDEX jobs_open ON discovery.jobs (tenant_id, id) WHERE ended_at IS NULL;
CREATE INDEX jobs_ended ON discovery.jobs (ended_at) WHERE ended_at IS NOT NULL;

-- How far each source of a job is.
CREATE TABLE discovery.job_sources (
    tenant_id text NOT NULL,
    job_id uuid NOT NULL,
    place smallint NOT NULL CHECK (place >= 0), -- from 0, as they were asked for
    source_id uuid, -- null: one that needs no settings, or whose settings came with the request
    type text NOT NULL,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'unavailable', 'not_asked',
                                           'failed', 'cancelled')),
    counts jsonb NOT NULL DEFAULT '{}', -- `services.discovery.job.Counts`
    passed jsonb NOT NULL DEFAULT '{}', -- what was passed over, by its reason in our words
    done bigint NOT NULL DEFAULT 0,
    total bigint, -- pages, elements or rows; null while nobody knows
    reason text, -- why it could not be asked to its end
    started_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, job_id, place),
    FOREIGN KEY (tenant_id, job_id) REFERENCES discovery.jobs ON DELETE CASCADE
);

-- Which lead a find is: the same find is the same lead at every run.
CREATE TABLE discovery.finds (
    tenant_id text NOT NULL,
    key bigint NOT NULL, -- a pseudonym of the source's own key
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, key),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX finds_lead ON discovery.finds (tenant_id, lead_id);

-- Finds that were a lead once. It hangs on no lead: what was erased is not to be found again, and
-- the keyed pseudonym of a source's own key is the least by which that can be known.
CREATE TABLE discovery.met (
    tenant_id text NOT NULL,
    key bigint NOT NULL,
    met_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE discovery.job_leads (
    tenant_id text NOT NULL,
    job_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    made_by smallint, -- the place of the source whose find became the lead; null: it was known
    PRIMARY KEY (tenant_id, job_id, lead_id),
    FOREIGN KEY (tenant_id, job_id) REFERENCES discovery.jobs ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX job_leads_lead ON discovery.job_leads (tenant_id, lead_id);

-- Where what is known of a lead comes from: whoever asks hears it (GDPR Art. 14(2)(f), 15(1)(g)).
CREATE TABLE discovery.provenance (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    key bigint NOT NULL, -- of the find
    source text NOT NULL,
    url bytea, -- sealed: a page may name the person; null where there is none
    licence text NOT NULL,
    attribution text NOT NULL,
    found_at timestamptz NOT NULL,
    job_id uuid NOT NULL, -- which found it first; it may be gone
    PRIMARY KEY (tenant_id, lead_id, key),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['sources', 'jobs', 'job_sources', 'finds', 'met', 'job_leads',
                                'provenance'] LOOP
        EXECUTE format('ALTER TABLE discovery.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE discovery.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON discovery.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;
-- The two functions below look across tenants as the tables' owner.
CREATE POLICY worker ON discovery.jobs TO CURRENT_USER USING (true);

-- Published: the sources of a lead, for whoever shows it; `sealed_for` is what the gate opens `url`
-- for.
CREATE VIEW discovery.provenances WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, key, source, url, licence, attribution, found_at, job_id,
           'discovery/provenance/' || lead_id || '/' || key AS sealed_for
    FROM discovery.provenance;

-- Published: of each lead that lists show what a discovery among an account's own asks.
CREATE VIEW leads.discoverable WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, country, admin1, latitude, longitude, industry, company_size,
           lead_category
    FROM leads.listing
    WHERE NOT duplicate AND status <> 'invalid';

-- The oldest open job of each account of which nobody works on one.
CREATE FUNCTION discovery.due(moment timestamptz, most integer)
    RETURNS TABLE (tenant_id text, job_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT DISTINCT ON (job.tenant_id) job.tenant_id, job.id
    FROM discovery.jobs AS job
    WHERE job.ended_at IS NULL AND (job.claimed_until IS NULL OR job.claimed_until <= moment)
      AND NOT EXISTS (
          SELECT FROM discovery.jobs AS other
          WHERE other.tenant_id = job.tenant_id AND other.ended_at IS NULL
            AND other.claim IS NOT NULL AND other.claimed_until > moment)
    ORDER BY job.tenant_id, job.id LIMIT most
$$;

-- Forgets jobs that ended more than 30 days ago, of all tenants, `most` at a time; their leads, and
-- where those come from, stay. A clock that runs ahead forgets nothing: the database's must agree.
CREATE FUNCTION discovery.purge(moment timestamptz, most integer)
    RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH gone AS (
        DELETE FROM discovery.jobs WHERE ctid = ANY (ARRAY(
            SELECT old.ctid FROM discovery.jobs AS old
            WHERE old.ended_at <= least(moment, now()) - interval '30 days'
            ORDER BY old.ended_at LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION discovery.due, discovery.purge FROM PUBLIC;

GRANT USAGE ON SCHEMA discovery TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT EXECUTE ON FUNCTION discovery.due, discovery.purge TO leadfly_worker;
GRANT SELECT, INSERT, DELETE, UPDATE (name, type, settings, changed_at, changed_by)
    ON discovery.sources TO leadfly_app;
-- A program without a worker runs its own jobs.
GRANT SELECT, INSERT,
    UPDATE (status, started_at, changed_at, ended_at, revision, tries, claim, claimed_until, failure)
    ON discovery.jobs TO leadfly_app;
GRANT SELECT, UPDATE (status, started_at, changed_at, ended_at, revision, tries, claim,
                      claimed_until, failure)
    ON discovery.jobs TO leadfly_worker;
GRANT SELECT, INSERT,
    UPDATE (status, counts, passed, done, total, reason, started_at, ended_at)
    ON discovery.job_sources TO leadfly_app;
GRANT SELECT, UPDATE (status, counts, passed, done, total, reason, started_at, ended_at)
    ON discovery.job_sources TO leadfly_worker;
GRANT SELECT, INSERT ON discovery.finds, discovery.met, discovery.job_leads, discovery.provenance
    TO leadfly_app, leadfly_worker;
GRANT SELECT ON discovery.provenances, leads.discoverable TO leadfly_app, leadfly_worker;
-- Leads join an investigation, which is written into their history.
GRANT SELECT, INSERT ON leads.changes TO leadfly_worker;
-- What visitors did is matched with keywords; who objected is left alone.
GRANT SELECT ON signals.behaviours, signals.behaviours_kept, signals.objections TO leadfly_worker;
GRANT SELECT (tenant_id, id, name, type, created_at, created_by, changed_at, changed_by)
    ON discovery.sources TO leadfly_reader;
GRANT SELECT (tenant_id, id, investigation_id, status, asked_at, asked_by, started_at, changed_at,
              ended_at, revision, tries, failure)
    ON discovery.jobs TO leadfly_reader;
GRANT SELECT ON discovery.job_sources, discovery.job_leads TO leadfly_reader;
GRANT SELECT (tenant_id, lead_id, source, licence, attribution, found_at, job_id)
    ON discovery.provenance TO leadfly_reader;
