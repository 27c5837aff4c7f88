-- Files of leads on their way: kept sealed until somebody confirms, and a week after it.
--
-- See docs/decisions/0057.

CREATE TABLE dedup.imports (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    name bytea, -- what the file is called, sealed
    kind text NOT NULL CHECK (kind IN ('csv', 'xlsx')),
    size bigint NOT NULL DEFAULT 0, -- bytes of the file
    header bytea, -- the first row as JSON, sealed: it may be a lead
    options jsonb NOT NULL, -- `services.dedup.imports.job.Options`
    status text NOT NULL CHECK (status IN ('uploading', 'uploaded', 'previewing', 'previewed',
                                           'importing', 'done', 'undoing', 'undone', 'cancelled',
                                           'failed')),
    rows_total bigint,
    previewed jsonb NOT NULL DEFAULT '{}', -- rows by outcome
    imported jsonb NOT NULL DEFAULT '{}',
    undone bigint NOT NULL DEFAULT 0,
    kept bigint NOT NULL DEFAULT 0,
    including_changed boolean NOT NULL DEFAULT false, -- the undoing takes what people worked on, too
    done_until bigint NOT NULL DEFAULT 0,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    expires_at timestamptz, -- when its pieces and rows are purged
    failure text,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX imports_expiry ON dedup.imports (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX imports_working ON dedup.imports (tenant_id, id)
    WHERE status IN ('previewing', 'importing', 'undoing');

-- The file, a MiB a piece.
CREATE TABLE dedup.import_pieces (
    tenant_id text NOT NULL,
    import_id uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 0),
    content bytea NOT NULL, -- sealed
    PRIMARY KEY (tenant_id, import_id, number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES dedup.imports ON DELETE CASCADE
);
ALTER TABLE dedup.import_pieces ALTER COLUMN content SET STORAGE EXTERNAL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['imports', 'import_pieces'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
        -- The functions below look across tenants as the tables' owner.
        EXECUTE format('CREATE POLICY worker ON dedup.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;

-- Whose imports are to be gone on with.
CREATE FUNCTION dedup.tenants_importing(most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT DISTINCT job.tenant_id FROM dedup.imports AS job
    WHERE job.status IN ('previewing', 'importing', 'undoing') LIMIT most
$$;

-- Deletes of imports that expired by `moment`, of all tenants, `most` pieces and `most` rows at a
-- time; what is under way is left alone. Files that never arrived go whole, of others the counts
-- stay. A clock that runs ahead forgets nothing: the database's own must agree.
CREATE FUNCTION dedup.purge_imports(moment timestamptz, most integer)
    RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    passed timestamptz := least(moment, now());
    expired record;
    gone bigint := 0;
    part bigint;
BEGIN
    FOR expired IN
        SELECT i.tenant_id, i.id, i.status FROM dedup.imports AS i
        WHERE i.expires_at <= passed AND i.status NOT IN ('previewing', 'importing', 'undoing')
        ORDER BY i.expires_at LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        -- Before its first piece goes: from then on nobody may confirm it.
        IF expired.status IN ('uploaded', 'previewed') THEN
            UPDATE dedup.imports AS i
            SET status = 'cancelled', ended_at = passed, failure = 'nobody confirmed it in time'
            WHERE i.tenant_id = expired.tenant_id AND i.id = expired.id;
        END IF;
        DELETE FROM dedup.import_pieces AS p WHERE p.ctid = ANY (ARRAY(
            SELECT own.ctid FROM dedup.import_pieces AS own
            WHERE own.tenant_id = expired.tenant_id AND own.import_id = expired.id
            LIMIT greatest(most - gone, 0)));
        GET DIAGNOSTICS part = ROW_COUNT;
        gone := gone + part;
        DELETE FROM dedup.import_rows AS r WHERE r.ctid = ANY (ARRAY(
            SELECT own.ctid FROM dedup.import_rows AS own
            WHERE own.tenant_id = expired.tenant_id AND own.import_id = expired.id
            LIMIT greatest(most - gone, 0)));
        GET DIAGNOSTICS part = ROW_COUNT;
        gone := gone + part;
        EXIT WHEN gone >= most;
        IF expired.status = 'uploading' THEN
            DELETE FROM dedup.imports AS i
            WHERE i.tenant_id = expired.tenant_id AND i.id = expired.id;
        ELSE
            UPDATE dedup.imports AS i SET expires_at = NULL, name = NULL, header = NULL
            WHERE i.tenant_id = expired.tenant_id AND i.id = expired.id;
        END IF;
        gone := gone + 1;
    END LOOP;
    RETURN gone;
END
$$;

REVOKE ALL ON FUNCTION dedup.tenants_importing, dedup.purge_imports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dedup.tenants_importing, dedup.purge_imports TO leadfly_worker;

GRANT SELECT, INSERT, DELETE,
    UPDATE (kind, size, header, options, status, rows_total, previewed, imported, undone, kept,
            including_changed, done_until, started_at, ended_at, expires_at, failure)
    ON dedup.imports TO leadfly_app;
GRANT SELECT, INSERT ON dedup.import_pieces TO leadfly_app;
GRANT SELECT,
    UPDATE (status, rows_total, previewed, imported, undone, kept, done_until, started_at,
            ended_at, expires_at, failure)
    ON dedup.imports TO leadfly_worker;
GRANT SELECT ON dedup.import_pieces TO leadfly_worker;
GRANT SELECT (tenant_id, id, kind, size, options, status, rows_total, previewed, imported, undone,
              kept, including_changed, done_until, asked_at, asked_by, started_at, ended_at,
              expires_at, failure)
    ON dedup.imports TO leadfly_reader;

-- What each row would do, and what it did -----------------------------------------------------------

-- A row a million times over: no value of the file, and nothing that is not asked for. A row that
-- the file brings anew is written over what its preview said of it. `known_id` hangs on no lead,
-- for a look-up a million times over: readers name only one that is there.
CREATE TABLE dedup.import_rows (
    tenant_id text NOT NULL,
    import_id uuid NOT NULL,
    row_number bigint NOT NULL, -- as a spreadsheet numbers it
    outcome text NOT NULL CHECK (outcome IN ('new', 'update', 'duplicate', 'conflict', 'refused')),
    reason text, -- in our words
    lead_id uuid, -- the lead that was made of it
    known_id uuid, -- a lead of the person whom it is about, or may be about
    known_row bigint, -- in a preview: the earlier row that is about this person
    differing text[], -- the fields in which it says what no record of theirs says
    kept boolean, -- true: undoing left its lead, for somebody worked on it
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES dedup.imports ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX import_rows_lead ON dedup.import_rows (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX import_rows_outcome ON dedup.import_rows (tenant_id, import_id, outcome, row_number)
    WHERE outcome <> 'new';

ALTER TABLE dedup.import_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE dedup.import_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON dedup.import_rows
    USING (tenant_id = current_setting('leadfly.tenant_id', true));
-- The purge above looks across tenants as the tables' owner.
CREATE POLICY worker ON dedup.import_rows TO CURRENT_USER USING (true);

-- Published: leads that somebody worked on; undoing an import leaves them.
CREATE VIEW leads.worked_on WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id FROM leads.changes
    UNION ALL
    SELECT tenant_id, lead_id FROM leads.notes WHERE written_by <> 'lead'; -- else it came along
CREATE VIEW matching.worked_on WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id FROM matching.status_changes
    UNION ALL
    SELECT tenant_id, lead_id FROM matching.assignments;

GRANT SELECT ON dedup.import_rows TO leadfly_app;
GRANT SELECT, INSERT, DELETE,
    UPDATE (outcome, reason, lead_id, known_id, known_row, differing, kept)
    ON dedup.import_rows TO leadfly_worker;
GRANT SELECT (tenant_id, lead_id) ON leads.changes TO leadfly_worker;
GRANT SELECT (written_by) ON leads.notes TO leadfly_worker;
GRANT SELECT (tenant_id, lead_id) ON matching.assignments TO leadfly_worker;
GRANT SELECT (tenant_id, lead_id) ON dedup.feedback TO leadfly_worker;
GRANT SELECT (tenant_id, lead_id) ON dedup.merged_leads TO leadfly_worker;
GRANT SELECT ON leads.worked_on, matching.worked_on TO leadfly_worker;
-- The eraser writes in its own transaction how far the undoing is.
GRANT SELECT (tenant_id, id, status, done_until, undone, kept),
    UPDATE (done_until, undone, kept) ON dedup.imports TO leadfly_eraser;
