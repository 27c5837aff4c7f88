-- Decisions that compared somebody with a lead that is erased are found by that lead, and no longer
-- by way of all who share a key with it: of one employer's staff each shares one with everybody.
--
-- See docs/decisions/0071.

-- Most imported leads were compared with nobody, so the index is small, and soon built.
CREATE INDEX decisions_compared_with ON dedup.decisions (tenant_id, compared_with)
    WHERE compared_with IS NOT NULL;

-- A record takes its keys along. If it goes because its lead was erased, decisions about others
-- forget that they were compared with it.
CREATE OR REPLACE FUNCTION dedup.forget_keys() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM set_config('leadfly.tenant_id', OLD.tenant_id, true);
    IF NOT EXISTS (SELECT FROM public.leads
                   WHERE tenant_id = OLD.tenant_id AND id = OLD.lead_id) THEN
        UPDATE dedup.decisions SET compared_with = NULL
        WHERE tenant_id = OLD.tenant_id AND compared_with = OLD.lead_id;
    END IF;
    -- Each by its whole key, whatever the statistics say: docs/decisions/0056.
    DELETE FROM dedup.blocking_keys WHERE ctid = ANY (ARRAY(
        SELECT row.ctid FROM unnest(OLD.blocking_keys) AS own (blocking_key)
        CROSS JOIN LATERAL (
            SELECT key.ctid FROM dedup.blocking_keys AS key
            WHERE key.tenant_id = OLD.tenant_id AND key.blocking_key = own.blocking_key
              AND key.lead_id = OLD.lead_id
            LIMIT 1
        ) AS row));
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN NULL;
END
$$;
