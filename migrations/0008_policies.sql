-- How an account, or one of its sources, wants its leads decided; and who changed that, when.

CREATE TABLE dedup.policies (
    tenant_id text NOT NULL,
    source_id text NOT NULL, -- '' is the account's own policy, over which a source's stands
    -- Only what was set; the rest comes from the account's policy or is the default.
    settings jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL, -- the prefix of an API key, or 'local'
    PRIMARY KEY (tenant_id, source_id)
);

-- Append-only: the application may add to it and read it, and no more.
CREATE TABLE dedup.policy_changes (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7: the order of ids is the order of changes
    source_id text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    earlier jsonb, -- null where there was no policy
    later jsonb, -- null where it was removed
    PRIMARY KEY (tenant_id, id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['policies', 'policy_changes'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON dedup.policies TO leadfly_app;
GRANT SELECT, INSERT ON dedup.policy_changes TO leadfly_app;
