-- Sources: an address of its own for each sender of leads, and what is known of that sender.

-- A fourth kind of keys: the token in a source's address. It opens that address and nothing else.
ALTER TABLE public.api_keys
    DROP CONSTRAINT api_keys_kind_check,
    DROP CONSTRAINT publishable,
    ADD CONSTRAINT api_keys_kind_check
        CHECK (kind IN ('secret', 'publishable', 'signing', 'intake')),
    ADD CONSTRAINT of_its_kind CHECK (
        CASE kind
            WHEN 'publishable'
                THEN source_id IS NOT NULL AND cardinality(origins) > 0 AND cardinality(scopes) = 0
            WHEN 'intake'
                THEN source_id IS NOT NULL AND cardinality(origins) = 0 AND cardinality(scopes) = 0
            ELSE source_id IS NULL AND cardinality(origins) = 0 AND cardinality(scopes) > 0
        END);
-- For whoever asks for the tokens of a source; other keys are not in it.
CREATE INDEX api_keys_intake ON public.api_keys (tenant_id, source_id) WHERE kind = 'intake';

CREATE TABLE dedup.sources (
    tenant_id text NOT NULL,
    source_id text NOT NULL CHECK (length(source_id) BETWEEN 1 AND 128),
    adapter text, -- null: the sender is found by what it posts
    profile text, -- null: what fits the sender
    field_map jsonb NOT NULL, -- the sender's names of fields to ours
    country text, -- null: the installation's
    consent jsonb, -- null: this sender says nothing of consent that we may believe
    -- Sealed, by the names of sender.SECRETS; null where there are none.
    secrets bytea,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL, -- the prefix of an API key, `local` or `command line`
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, source_id)
);

-- What a sender calls a lead that is stored, as a pseudonym: to find it when the sender moves it or
-- takes it back. Posted once more after its answer is forgotten, it is a second lead of that name.
CREATE TABLE dedup.provided (
    tenant_id text NOT NULL,
    provided_key bigint NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, provided_key, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX provided_lead ON dedup.provided (tenant_id, lead_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['sources', 'provided'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- Some jobs are about a lead that is not here yet: it was announced, and is to be fetched.
ALTER TABLE public.jobs ALTER COLUMN lead_id DROP NOT NULL;

-- The sources that a usable token opens, for processes that must know them while this database is
-- away: read across tenants as the table's owner, as usable_keys of 0005. The secrets are sealed.
CREATE POLICY snapshot ON dedup.sources FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION dedup.open_sources()
    RETURNS TABLE (
        tenant_id text, source_id text, adapter text, profile text, field_map jsonb,
        country text, consent jsonb, secrets bytea
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.tenant_id, s.source_id, s.adapter, s.profile, s.field_map, s.country, s.consent,
           s.secrets
    FROM dedup.sources AS s
    WHERE EXISTS (
        SELECT FROM public.api_keys AS k
        WHERE k.tenant_id = s.tenant_id AND k.source_id = s.source_id AND k.kind = 'intake'
          AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()))
$$;

REVOKE ALL ON FUNCTION dedup.open_sources FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dedup.open_sources TO leadfly_app;

-- The owner of a source speaks through the app; the worker fetches with its secrets.
GRANT SELECT, INSERT, DELETE,
    UPDATE (adapter, profile, field_map, country, consent, secrets, changed_at, changed_by)
    ON dedup.sources TO leadfly_app;
GRANT SELECT ON dedup.sources TO leadfly_worker;
GRANT SELECT (tenant_id, source_id, adapter, profile, field_map, country, consent, created_at,
              created_by, changed_at, changed_by)
    ON dedup.sources TO leadfly_reader;
GRANT SELECT, INSERT ON dedup.provided TO leadfly_app, leadfly_worker;
