-- Blocking keys say by which version of their making they were made, so that those of before are
-- made anew: a lead of now shares fewer keys with a lead that has the keys of then.
--
-- See docs/decisions/0072.

-- A negative version: for that one it was tried and could not be done, and the keys are older.
-- The default is for processes of before this migration, which know no versions.
ALTER TABLE dedup.records ADD keys_version smallint NOT NULL DEFAULT 1;

-- Of blocking_keys, those of addresses and numbers that are read otherwise by now. They stay: what
-- was said under them, an objection above all, counts for the lead as before.
ALTER TABLE dedup.records ADD kept_keys bigint[];

-- Who raises KEYS_VERSION (services/dedup/blocking.py) to N makes this index and this view anew, of
-- all versions between -N and N but 0. New records are of version N and cost the index nothing.
-- Between tenant and lead it has the version, so that no other index gives the same order: while the
-- statistics are of before, the primary key would seem as good, and goes through all that is done.
CREATE INDEX records_outdated ON dedup.records (tenant_id, keys_version, lead_id)
    WHERE keys_version IN (-1, 1);
CREATE VIEW dedup.outdated_records WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, compared, blocking_keys, keys_version, kept_keys
    FROM dedup.records WHERE keys_version IN (-1, 1);

-- The functions below look across tenants, or write, as the tables' owner.
CREATE POLICY worker ON dedup.records FOR SELECT TO CURRENT_USER USING (true);

-- Whose records have keys of before version `newest`.
CREATE FUNCTION dedup.tenants_to_rekey(newest smallint, most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    -- From one tenant to the next along the index, however many records each has.
    WITH RECURSIVE owner AS (
        (SELECT r.tenant_id FROM dedup.outdated_records AS r
         WHERE abs(r.keys_version) < newest ORDER BY r.tenant_id, r.keys_version LIMIT 1)
        UNION ALL
        SELECT (SELECT r.tenant_id FROM dedup.outdated_records AS r
                WHERE r.tenant_id > owner.tenant_id AND abs(r.keys_version) < newest
                ORDER BY r.tenant_id, r.keys_version LIMIT 1)
        FROM owner WHERE owner.tenant_id IS NOT NULL
    )
    SELECT owner.tenant_id FROM owner WHERE owner.tenant_id IS NOT NULL LIMIT most
$$;

-- How many those are: of one tenant, or of all if none is named.
CREATE FUNCTION dedup.records_to_rekey(newest smallint, of_tenant text)
    RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT count(*) FROM dedup.outdated_records AS r
    WHERE abs(r.keys_version) < newest AND (of_tenant IS NULL OR r.tenant_id = of_tenant)
$$;

-- Gives records of the named tenant their new keys, and returns whose: `rows` say what each had
-- before, and what was read of it anew (null: as before). The list and the keys themselves change
-- here together and nowhere else (docs/decisions/0019). With a negative version the keys stay.
CREATE FUNCTION dedup.rekey(version smallint, rows jsonb)
    RETURNS SETOF uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH new AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(rows) AS new (
            lead_id uuid, before bigint[], blocking_keys bigint[], kept_keys bigint[],
            compared text)
    ), held AS MATERIALIZED (
        -- Whose record somebody erases or writes anew at this moment is left to them.
        SELECT new.*, record.ctid AS place
        FROM new CROSS JOIN LATERAL (
            SELECT found.ctid FROM dedup.records AS found
            WHERE found.tenant_id = current_setting('leadfly.tenant_id', true)
              AND found.lead_id = new.lead_id AND found.blocking_keys = new.before
              AND abs(found.keys_version) < abs(version)
            LIMIT 1 FOR UPDATE SKIP LOCKED
        ) AS record
    ), written AS (
        UPDATE dedup.records AS record
        SET compared = coalesce(decode(held.compared, 'base64'), record.compared),
            blocking_keys = held.blocking_keys, kept_keys = held.kept_keys,
            keys_version = version
        FROM held WHERE record.ctid = held.place
        RETURNING record.tenant_id, record.lead_id, held.before, held.blocking_keys
    ), gone AS (
        -- Each by its whole key, whatever the statistics say: docs/decisions/0056.
        DELETE FROM dedup.blocking_keys WHERE ctid = ANY (ARRAY(
            SELECT row.ctid FROM written CROSS JOIN unnest(written.before) AS own (blocking_key)
            CROSS JOIN LATERAL (
                SELECT key.ctid FROM dedup.blocking_keys AS key
                WHERE key.tenant_id = written.tenant_id
                  AND key.blocking_key = own.blocking_key AND key.lead_id = written.lead_id
                LIMIT 1
            ) AS row
            WHERE own.blocking_key <> ALL (written.blocking_keys)))
    ), come AS (
        INSERT INTO dedup.blocking_keys (tenant_id, blocking_key, lead_id)
        SELECT written.tenant_id, own.blocking_key, written.lead_id
        FROM written CROSS JOIN unnest(written.blocking_keys) AS own (blocking_key)
        WHERE own.blocking_key <> ALL (written.before)
        ON CONFLICT DO NOTHING
    )
    SELECT lead_id FROM written
$$;

REVOKE ALL ON FUNCTION dedup.tenants_to_rekey, dedup.records_to_rekey, dedup.rekey FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dedup.tenants_to_rekey, dedup.rekey TO leadfly_worker;
GRANT EXECUTE ON FUNCTION dedup.records_to_rekey TO leadfly_app, leadfly_worker;
GRANT SELECT ON dedup.outdated_records TO leadfly_worker;
