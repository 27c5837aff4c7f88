-- Which erasures that the ledger outside the database names this database has not seen: after a
-- restore to an earlier moment, those that were made since.
--
-- See docs/decisions/0065.

-- An entry of the ledger is found by its id alone: which account it is of stands in its file.
CREATE INDEX erasures_id ON privacy.erasures (id);
CREATE POLICY ledger ON privacy.erasures FOR SELECT TO leadfly_migrator USING (true);

CREATE FUNCTION privacy.missing_erasures(ids uuid[])
    RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT wanted.id FROM unnest(ids) AS wanted (id)
    WHERE NOT EXISTS (SELECT FROM privacy.erasures AS made WHERE made.id = wanted.id)
$$;
REVOKE ALL ON FUNCTION privacy.missing_erasures FROM PUBLIC;

GRANT USAGE ON SCHEMA privacy TO leadfly_app, leadfly_worker;
GRANT EXECUTE ON FUNCTION privacy.missing_erasures
    TO leadfly_app, leadfly_worker, leadfly_eraser;
