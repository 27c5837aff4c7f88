-- Blocking keys are most of what a lead writes: eight rows, each with a check of its foreign key
-- and a second index entry that only erasure reads. A record now lists its own keys instead, and
-- a trigger on it takes them away with it. See docs/decisions/0019.

ALTER TABLE dedup.records ADD COLUMN blocking_keys bigint[];
UPDATE dedup.records AS record SET blocking_keys = ARRAY(
    SELECT blocking_key FROM dedup.blocking_keys AS key
    WHERE key.tenant_id = record.tenant_id AND key.lead_id = record.lead_id);
ALTER TABLE dedup.records ALTER COLUMN blocking_keys SET NOT NULL;

ALTER TABLE dedup.blocking_keys DROP CONSTRAINT blocking_keys_tenant_id_lead_id_fkey;
DROP INDEX dedup.blocking_keys_lead;

CREATE FUNCTION dedup.forget_keys() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM dedup.blocking_keys
    WHERE tenant_id = OLD.tenant_id AND lead_id = OLD.lead_id
      AND blocking_key = ANY (OLD.blocking_keys);
    RETURN NULL;
END
$$;

-- The keys of a record never change but with the record: it is deleted and written anew.
CREATE TRIGGER forget_keys AFTER DELETE ON dedup.records
    FOR EACH ROW EXECUTE FUNCTION dedup.forget_keys();
REVOKE UPDATE ON dedup.records, dedup.blocking_keys FROM leadfly_app;

-- One index less an event: its key begins with the lead that takes it along.
ALTER TABLE public.events DROP CONSTRAINT events_pkey;
DROP INDEX public.events_lead;
ALTER TABLE public.events ADD PRIMARY KEY (tenant_id, lead_id, id);
