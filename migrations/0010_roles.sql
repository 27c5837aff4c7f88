-- Roles of least right: who may do what is written here, and tests/shared/test_roles.py tries the
-- rest. None is a superuser or bypasses row-level security. See docs/decisions/0025.
--
--   leadfly_app       answers requests
--   leadfly_worker    jobs, schedules, the purge, what waited for the database
--   leadfly_eraser    erases leads and people
--   leadfly_reader    reads what happened, never what anyone said; for reports
--   leadfly_migrator  owns tables and functions

-- Makes the roles that are missing, and lets those step down to them who could before.
DO $$
DECLARE
    role text;
    login text;
    -- Since 16 a membership may be for SET ROLE alone, or for nothing but granting it on.
    terms text := '';
    enough text := 'MEMBER';
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        terms := ' WITH INHERIT FALSE, SET TRUE';
        enough := 'SET';
    END IF;
    FOREACH role IN ARRAY ARRAY['app', 'worker', 'eraser', 'reader', 'migrator'] LOOP
        role := 'leadfly_' || role;
        IF to_regrole(role) IS NULL THEN
            -- Without a password: only the embedded server lets them in, by its private socket.
            EXECUTE format('CREATE ROLE %I %s', role,
                           CASE WHEN role IN ('leadfly_worker', 'leadfly_eraser')
                                THEN 'LOGIN' ELSE 'NOLOGIN' END);
        END IF;
        -- The owner's rights are those of all it owns: the migrator's are inherited.
        IF role = 'leadfly_migrator' THEN
            terms := replace(terms, 'INHERIT FALSE', 'INHERIT TRUE');
        END IF;
        FOR login IN
            SELECT current_user
            UNION
            SELECT rolname FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = member
            WHERE roleid = 'leadfly_app'::regrole AND role IN ('leadfly_worker', 'leadfly_eraser')
        LOOP
            IF pg_has_role(login, role, enough)
               AND (role <> 'leadfly_migrator' OR pg_has_role(login, role, 'USAGE')) THEN
                CONTINUE;
            END IF;
            BEGIN
                EXECUTE format('GRANT %I TO %I', role, login) || terms;
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE WARNING 'role % was not granted to %', role, login;
            END;
        END LOOP;
    END LOOP;
END
$$;

-- What erasing leaves behind in the records of others -------------------------------------------
--
-- These functions run as the tables' owner, which FORCE binds too: they name the tenant of the
-- row that goes, and give the name back.

-- Of a person whose first lead is erased, the next one is the first.
CREATE FUNCTION public.repoint_duplicates() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM set_config('leadfly.tenant_id', OLD.tenant_id, true);
    UPDATE public.leads AS lead SET duplicate_of = nullif(first.id, lead.id)
    FROM (
        SELECT id FROM public.leads
        WHERE tenant_id = OLD.tenant_id AND subject_id = OLD.subject_id
        ORDER BY duplicate_of IS NOT NULL, received_at, id LIMIT 1
    ) AS first
    WHERE lead.tenant_id = OLD.tenant_id AND lead.subject_id = OLD.subject_id
      AND lead.duplicate_of = OLD.id;
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN NULL;
END
$$;
CREATE TRIGGER repoint_duplicates AFTER DELETE ON public.leads
    FOR EACH ROW EXECUTE FUNCTION public.repoint_duplicates();

-- The same for those who would become a person of their own again if a merge were undone.
CREATE FUNCTION dedup.repoint_merged() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM set_config('leadfly.tenant_id', OLD.tenant_id, true);
    UPDATE dedup.merged_leads AS merged SET duplicate_of = nullif(first.lead_id, merged.lead_id)
    FROM (
        SELECT lead_id FROM dedup.merged_leads
        WHERE tenant_id = OLD.tenant_id AND review_id = OLD.review_id
          AND subject_id = OLD.subject_id
        ORDER BY duplicate_of IS NOT NULL, lead_id LIMIT 1
    ) AS first
    WHERE merged.tenant_id = OLD.tenant_id AND merged.review_id = OLD.review_id
      AND merged.duplicate_of = OLD.lead_id;
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN NULL;
END
$$;
CREATE TRIGGER repoint_merged AFTER DELETE ON dedup.merged_leads
    FOR EACH ROW EXECUTE FUNCTION dedup.repoint_merged();

-- A record takes its keys along. If it goes because its lead was erased, decisions about others
-- forget that they were compared with it; whoever was shares a key with it.
CREATE OR REPLACE FUNCTION dedup.forget_keys() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM set_config('leadfly.tenant_id', OLD.tenant_id, true);
    IF NOT EXISTS (SELECT FROM public.leads
                   WHERE tenant_id = OLD.tenant_id AND id = OLD.lead_id) THEN
        UPDATE dedup.decisions AS decision SET compared_with = NULL
        FROM (
            SELECT DISTINCT lead_id FROM dedup.blocking_keys
            WHERE tenant_id = OLD.tenant_id AND blocking_key = ANY (OLD.blocking_keys)
        ) AS beside
        WHERE decision.tenant_id = OLD.tenant_id AND decision.lead_id = beside.lead_id
          AND decision.compared_with = OLD.lead_id;
    END IF;
    DELETE FROM dedup.blocking_keys
    WHERE tenant_id = OLD.tenant_id AND lead_id = OLD.lead_id
      AND blocking_key = ANY (OLD.blocking_keys);
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN NULL;
END
$$;

-- Those of `former` that nothing is about go, and no others: a merge may empty one. Each is
-- locked first, for a lead that is being stored as its record at this moment would go with it.
CREATE FUNCTION public.drop_empty_subjects(former uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tenant text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM FROM public.subjects
    WHERE tenant_id = tenant AND id = ANY (former) ORDER BY id FOR UPDATE;
    DELETE FROM public.subjects AS subject
    WHERE tenant_id = tenant AND id = ANY (former) AND NOT EXISTS (
        SELECT FROM public.leads WHERE tenant_id = tenant AND subject_id = subject.id);
END
$$;

REVOKE ALL ON FUNCTION public.repoint_duplicates, dedup.repoint_merged, dedup.forget_keys,
    public.drop_empty_subjects FROM PUBLIC;

-- What is locked around a person who is erased; published for the privacy desk.
CREATE VIEW dedup.person_keys WITH (security_invoker = true) AS
    SELECT lead.tenant_id, lead.subject_id, key AS blocking_key
    FROM public.leads AS lead
    JOIN dedup.records AS record
        ON record.tenant_id = lead.tenant_id AND record.lead_id = lead.id
    CROSS JOIN unnest(record.blocking_keys) AS key;

-- The audit of erasures: who, when and how much; never of whom. It outlives them.
CREATE SCHEMA privacy;
CREATE TABLE privacy.erasures (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7: the order of ids is the order of erasures
    erased_at timestamptz NOT NULL,
    erased_by text NOT NULL, -- an API key's prefix, `local` or `command line`
    reach text NOT NULL CHECK (reach IN ('lead', 'person')),
    records integer NOT NULL, -- leads that went
    PRIMARY KEY (tenant_id, id)
);
ALTER TABLE privacy.erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE privacy.erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON privacy.erasures
    USING (tenant_id = current_setting('leadfly.tenant_id', true));

-- Rights ------------------------------------------------------------------------------------------

REVOKE ALL ON public.subjects, public.leads, public.raw_bodies, public.consents,
    public.idempotent_answers, public.events, public.jobs, public.schedules, public.installation,
    dedup.records, dedup.blocking_keys, dedup.decisions, dedup.reviews, dedup.judgements,
    dedup.labels, dedup.merged_leads, dedup.policies, dedup.policy_changes
    FROM leadfly_app;
REVOKE ALL ON FUNCTION public.claim_jobs, public.dead_jobs FROM leadfly_app;

GRANT USAGE ON SCHEMA public, dedup
    TO leadfly_app, leadfly_worker, leadfly_reader, leadfly_eraser;
GRANT USAGE ON SCHEMA privacy TO leadfly_reader, leadfly_eraser;
GRANT SELECT ON public._yoyo_migration TO leadfly_worker, leadfly_eraser;

-- A lead is decided in a request, or by the worker if it waited or its check failed.
GRANT SELECT, INSERT ON public.installation, public.subjects, public.leads, public.events,
    dedup.records, dedup.blocking_keys, dedup.decisions
    TO leadfly_app, leadfly_worker;
GRANT INSERT ON public.raw_bodies, public.jobs TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT ON public.consents TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT, UPDATE (request, answer, lead_id, expires_at)
    ON public.idempotent_answers TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT, UPDATE (due_at) ON public.schedules TO leadfly_app, leadfly_worker;
GRANT UPDATE (subject_id, duplicate_of) ON public.leads TO leadfly_app, leadfly_worker;
-- Nobody changes when a subject began; a row is locked by whoever may update a column of it.
GRANT UPDATE (created_at) ON public.subjects TO leadfly_app, leadfly_worker;
GRANT EXECUTE ON FUNCTION public.drop_empty_subjects
    TO leadfly_app, leadfly_worker, leadfly_eraser;

-- Who may call; only the end of a key's time ever changes.
REVOKE UPDATE ON public.api_keys FROM leadfly_app;
GRANT UPDATE (expires_at, revoked_at) ON public.api_keys TO leadfly_app;

-- The desk.
GRANT SELECT, INSERT, UPDATE (judgement, judged_by, judged_at) ON dedup.reviews TO leadfly_app;
GRANT SELECT, INSERT ON dedup.judgements, dedup.policy_changes TO leadfly_app;
GRANT SELECT, INSERT, DELETE ON dedup.labels, dedup.merged_leads TO leadfly_app;
GRANT SELECT, INSERT, DELETE, UPDATE (settings, changed_at, changed_by)
    ON dedup.policies TO leadfly_app;

-- The worker.
GRANT INSERT ON dedup.reviews TO leadfly_worker;
GRANT SELECT ON dedup.policies TO leadfly_worker;
GRANT DELETE ON dedup.records TO leadfly_worker; -- a recheck writes it anew
GRANT UPDATE (status) ON public.leads TO leadfly_worker;
GRANT UPDATE (delivered_at) ON public.events TO leadfly_worker;
GRANT SELECT, DELETE, UPDATE (due_at, tries, claim, failure, dead_at)
    ON public.jobs TO leadfly_worker;
GRANT EXECUTE ON FUNCTION public.claim_jobs, public.dead_jobs TO leadfly_worker;
GRANT DELETE ON public.raw_bodies, public.idempotent_answers TO leadfly_worker;
-- Only the purge, which names no tenant, deletes what is not its tenant's.
ALTER POLICY expired ON public.raw_bodies TO leadfly_worker
    USING (expires_at < now() AND coalesce(current_setting('leadfly.tenant_id', true), '') = '');
ALTER POLICY expired ON public.idempotent_answers TO leadfly_worker
    USING (expires_at < now() AND coalesce(current_setting('leadfly.tenant_id', true), '') = '');

-- The eraser. What hangs on a lead goes as the tables' owner.
GRANT SELECT ON public.installation TO leadfly_eraser;
GRANT SELECT (tenant_id, id), DELETE ON public.subjects TO leadfly_eraser;
GRANT SELECT (tenant_id, id, subject_id), DELETE ON public.leads TO leadfly_eraser;
GRANT SELECT (tenant_id, lead_id, blocking_keys) ON dedup.records TO leadfly_eraser;
GRANT SELECT ON dedup.person_keys TO leadfly_eraser;
GRANT INSERT ON privacy.erasures TO leadfly_eraser;

-- The reader.
GRANT SELECT ON public.subjects, public.events, dedup.decisions, dedup.reviews, dedup.labels,
    dedup.policies, dedup.policy_changes, privacy.erasures
    TO leadfly_reader;
GRANT SELECT (tenant_id, id, subject_id, source_id, status, duplicate_of, received_at,
              submitted_at)
    ON public.leads TO leadfly_reader;
GRANT SELECT (tenant_id, id, lead_id, purposes, text_version, given_at, recorded_at, withdrawn_at)
    ON public.consents TO leadfly_reader;
GRANT SELECT (tenant_id, id, review_id, lead_id, judgement, judged_by, judged_at)
    ON dedup.judgements TO leadfly_reader;

-- Ownership ---------------------------------------------------------------------------------------
--
-- From here on leadfly.migrate steps down to the migrator, and functions that run as their owner
-- run as a plain role. A login that may not give its tables away keeps them, and all else holds.
DO $$
DECLARE
    own text;
BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO leadfly_migrator', current_database());
    GRANT USAGE, CREATE ON SCHEMA public TO leadfly_migrator;
    FOR own IN
        SELECT change FROM (
            SELECT 1 AS turn, format('SCHEMA %I OWNER TO leadfly_migrator', nspname) AS change
            FROM pg_namespace
            WHERE nspname IN ('dedup', 'privacy') AND nspowner = current_user::regrole
            UNION ALL
            SELECT 2, format('POLICY %I ON %s TO leadfly_migrator', polname, polrelid::regclass)
            FROM pg_policy
            WHERE polname IN ('worker', 'snapshot')
              AND polroles = ARRAY[current_user::regrole::oid]
            UNION ALL
            SELECT 3, format('FUNCTION %s OWNER TO leadfly_migrator', oid::regprocedure)
            FROM pg_proc
            WHERE proowner = current_user::regrole AND (
                pronamespace = 'dedup'::regnamespace
                OR pronamespace = 'public'::regnamespace AND proname IN (
                    'claim_jobs', 'dead_jobs', 'usable_keys', 'repoint_duplicates',
                    'drop_empty_subjects'))
            UNION ALL
            SELECT 4, format('%s %s OWNER TO leadfly_migrator',
                             CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass)
            FROM pg_class
            WHERE relowner = current_user::regrole AND relkind IN ('r', 'v') AND (
                relnamespace IN ('dedup'::regnamespace, 'privacy'::regnamespace)
                OR relnamespace = 'public'::regnamespace AND relname IN (
                    'api_keys', 'subjects', 'leads', 'raw_bodies', 'consents', 'installation',
                    'idempotent_answers', 'events', 'jobs', 'schedules', '_yoyo_migration',
                    '_yoyo_log', '_yoyo_version', 'yoyo_lock'))
        ) AS changes ORDER BY turn
    LOOP
        EXECUTE 'ALTER ' || own;
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'leadfly_migrator does not own the tables; % keeps them', current_user;
END
$$;
