-- Which API keys are usable, for processes that must know a caller while this database is away.
--
-- Row-level security shows the application one tenant's keys, or one prefix. The function below
-- reads all of them as the table's owner, whom FORCE would otherwise bind too, and shows no more
-- than it takes to recognise a key: never a name, never one that was revoked or has expired.
CREATE POLICY snapshot ON public.api_keys FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION public.usable_keys()
    RETURNS TABLE (
        prefix text, tenant_id text, digest bytea, scopes text[], expires_at timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT k.prefix, k.tenant_id, k.digest, k.scopes, k.expires_at
    FROM public.api_keys AS k
    WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
$$;

REVOKE ALL ON FUNCTION public.usable_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.usable_keys TO leadfly_app;
