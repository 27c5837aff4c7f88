-- What an account trained: weights of its own, and which of them it used when.
--
-- See docs/decisions/0060.

-- A version is written once and never changed.
CREATE TABLE dedup.models (
    tenant_id text NOT NULL,
    version text NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    made_at timestamptz NOT NULL,
    made_by text NOT NULL, -- the prefix of an API key, `local` or `command line`
    made_from text NOT NULL CHECK (made_from IN ('pairs', 'reviews', 'unlabelled', 'file')),
    base_version text NOT NULL, -- of the model near which it was fitted
    trained_on jsonb NOT NULL, -- counts alone
    held_out jsonb, -- what it was judged by; null: by nothing
    prior double precision NOT NULL,
    weights jsonb NOT NULL, -- by comparison and level
    PRIMARY KEY (tenant_id, version)
);

-- Append-only: the latest row says which version decides, null the standard one.
CREATE TABLE dedup.model_uses (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7: the order of ids is the order of uses
    version text,
    used_at timestamptz NOT NULL,
    used_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, version) REFERENCES dedup.models
);
CREATE INDEX model_uses_version ON dedup.model_uses (tenant_id, version) WHERE version IS NOT NULL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['models', 'model_uses'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT ON dedup.models, dedup.model_uses TO leadfly_app;
-- The worker decides about leads that had to wait.
GRANT SELECT ON dedup.models, dedup.model_uses TO leadfly_worker;
