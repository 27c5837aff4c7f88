-- The tables that several services use, the application role, and tenant isolation.
--
-- public.subjects is the person (the data subject); public.leads are the records received about
-- them. Every personal table hangs on its lead, or on its subject, by a cascade: erasure is one
-- DELETE, a merge is one UPDATE. Every tenant table starts its key with tenant_id and is under
-- FORCE ROW LEVEL SECURITY: a transaction that named no tenant sees nothing.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'leadfly_app') THEN
        CREATE ROLE leadfly_app LOGIN;
    END IF;
    -- Without this membership a shared login (DATABASE_URL) could not step down to the role.
    IF NOT pg_has_role(current_user, 'leadfly_app', 'MEMBER') THEN
        EXECUTE format('GRANT leadfly_app TO %I', current_user);
    END IF;
END
$$;

CREATE TABLE public.api_keys (
    tenant_id text NOT NULL,
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    prefix text NOT NULL UNIQUE,
    digest bytea NOT NULL,
    scopes text[] NOT NULL,
    name text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX api_keys_tenant ON public.api_keys (tenant_id, created_at);

CREATE TABLE public.subjects (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE public.leads (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    source_id text NOT NULL,
    status text NOT NULL DEFAULT 'new',
    -- What the privacy mode allows in clear, and the rest under a key outside this database.
    fields jsonb NOT NULL,
    sealed bytea,
    duplicate_of uuid,
    received_at timestamptz NOT NULL,
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES public.subjects ON DELETE CASCADE
);
CREATE INDEX leads_subject ON public.leads (tenant_id, subject_id);

CREATE TABLE public.raw_bodies (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    sealed bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
-- Rows arrive in the order of their expiry, so a block range index costs next to nothing.
CREATE INDEX raw_bodies_expiry ON public.raw_bodies USING brin (expires_at);

CREATE TABLE public.consents (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    lead_id uuid NOT NULL,
    purposes text[] NOT NULL,
    text_version text,
    given_at timestamptz NOT NULL,
    proof bytea, -- sealed: it often names the person
    recorded_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX consents_lead ON public.consents (tenant_id, lead_id);

-- One row: which secret key this database belongs to, so that a lost key file is noticed at once.
CREATE TABLE public.installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    fingerprint bytea NOT NULL
);

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.api_keys
    USING (tenant_id = current_setting('leadfly.tenant_id', true)
           OR prefix = current_setting('leadfly.key_prefix', true))
    WITH CHECK (tenant_id = current_setting('leadfly.tenant_id', true));

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['subjects', 'leads', 'raw_bodies', 'consents'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON public.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO leadfly_app;
GRANT SELECT, INSERT, UPDATE ON public.api_keys TO leadfly_app;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON public.subjects, public.leads, public.raw_bodies, public.consents
    TO leadfly_app;
GRANT SELECT, INSERT ON public.installation TO leadfly_app;
GRANT SELECT ON public._yoyo_migration TO leadfly_app;

-- Whoever names no tenant may still delete what has expired, and nothing else: the purge.
CREATE POLICY expired ON public.raw_bodies FOR DELETE USING (expires_at < now());
