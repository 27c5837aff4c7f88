-- Three kinds of keys: a server's secret one, a publishable one for the pages of one source, and a
-- signing one, whose secret is sealed under a key outside this database.

ALTER TABLE public.api_keys
    ADD COLUMN kind text NOT NULL DEFAULT 'secret'
        CHECK (kind IN ('secret', 'publishable', 'signing')),
    ADD COLUMN source_id text,
    ADD COLUMN origins text[] NOT NULL DEFAULT '{}',
    ADD COLUMN sealed bytea,
    -- A publishable key stands in a page: it has a source and origins, and no scope at all.
    ADD CONSTRAINT publishable CHECK (
        CASE WHEN kind = 'publishable'
            THEN source_id IS NOT NULL AND cardinality(origins) > 0 AND cardinality(scopes) = 0
            ELSE source_id IS NULL AND cardinality(origins) = 0 AND cardinality(scopes) > 0
        END),
    ADD CONSTRAINT signing CHECK ((kind = 'signing') = (sealed IS NOT NULL));

-- What a process knows while this database is away, now with what tells the kinds apart.
DROP FUNCTION public.usable_keys();
CREATE FUNCTION public.usable_keys()
    RETURNS TABLE (
        prefix text, tenant_id text, digest bytea, scopes text[], expires_at timestamptz,
        kind text, source_id text, origins text[], sealed bytea
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT k.prefix, k.tenant_id, k.digest, k.scopes, k.expires_at,
           k.kind, k.source_id, k.origins, k.sealed
    FROM public.api_keys AS k
    WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
$$;

REVOKE ALL ON FUNCTION public.usable_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.usable_keys TO leadfly_app;
