-- What buyers say of the leads that they got: returns and conversions. See docs/decisions/0054.

-- One word on a lead stands at a time; what was taken back stays to be seen.
CREATE TABLE dedup.feedback (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    type text NOT NULL CHECK (type IN ('return', 'conversion')),
    reason text, -- one of the terms' reasons of a return, or a word of a conversion
    buyer_id text NOT NULL, -- who says so; '' if nobody was named
    note bytea, -- sealed: people write names into it
    happened_at timestamptz NOT NULL,
    value numeric(15, 3) CHECK (value >= 0), -- what the conversion was worth
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    retry_key bigint, -- a pseudonym of the request's own name
    counted boolean NOT NULL, -- whether its lead is among those of dedup.days_taken
    state_before text, -- of the deal that a return ended
    settled_before_at timestamptz, -- when that deal was settled
    status_before text, -- of the lead that a conversion moved; NULL if it did not
    given_at timestamptz NOT NULL,
    given_by text NOT NULL, -- the prefix of an API key, or `local`
    undone_at timestamptz,
    undone_by text,
    PRIMARY KEY (tenant_id, id),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    CHECK ((value IS NULL) = (currency IS NULL)),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE UNIQUE INDEX feedback_standing ON dedup.feedback (tenant_id, lead_id)
    WHERE undone_at IS NULL;
CREATE INDEX feedback_lead ON dedup.feedback (tenant_id, lead_id, id);
CREATE UNIQUE INDEX feedback_retry ON dedup.feedback (tenant_id, retry_key)
    WHERE retry_key IS NOT NULL;

-- What returns say of leads, to fit a model by, beside dedup.labels. A duplicate whose buyer did not
-- say of which lead is a label without a pair; levels are there if that pair was compared.
CREATE TABLE dedup.feedback_labels (
    tenant_id text NOT NULL,
    feedback_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    known_lead_id uuid,
    label text NOT NULL, -- the reason of the return
    same_person boolean, -- NULL where the reason says nothing of that
    levels jsonb,
    model_version text, -- that decided on the lead; NULL if none did
    labelled_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, feedback_id),
    CHECK (levels IS NULL OR known_lead_id IS NOT NULL),
    FOREIGN KEY (tenant_id, feedback_id) REFERENCES dedup.feedback ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, known_lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX feedback_labels_lead ON dedup.feedback_labels (tenant_id, lead_id);
CREATE INDEX feedback_labels_known_lead ON dedup.feedback_labels (tenant_id, known_lead_id)
    WHERE known_lead_id IS NOT NULL;

-- By the day (UTC) on which leads were received: how many were taken, and what was said of those.
-- Numbers that name nobody; they stay when a lead is erased.
CREATE TABLE dedup.days_taken (
    tenant_id text NOT NULL,
    day date NOT NULL,
    source_id text NOT NULL,
    buyer_id text NOT NULL, -- of the deal; '' is nobody in particular
    leads bigint NOT NULL CHECK (leads >= 0),
    PRIMARY KEY (tenant_id, day, source_id, buyer_id)
);
CREATE TABLE dedup.days_of_feedback (
    tenant_id text NOT NULL,
    day date NOT NULL,
    source_id text NOT NULL,
    buyer_id text NOT NULL, -- as above
    type text NOT NULL,
    reason text NOT NULL, -- '' is none
    leads bigint NOT NULL CHECK (leads >= 0),
    PRIMARY KEY (tenant_id, day, source_id, buyer_id, type, reason)
);
-- Up to which lead, in the order of their ids, an account's leads are in dedup.days_taken.
CREATE TABLE dedup.taken_until (
    tenant_id text PRIMARY KEY,
    last_id uuid NOT NULL
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['feedback', 'feedback_labels', 'days_taken', 'days_of_feedback',
                                'taken_until'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE (undone_at, undone_by) ON dedup.feedback TO leadfly_app;
GRANT SELECT, INSERT, DELETE ON dedup.feedback_labels TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (leads) ON dedup.days_taken, dedup.days_of_feedback TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (last_id) ON dedup.taken_until TO leadfly_app;
GRANT SELECT ON dedup.feedback_labels, dedup.days_taken, dedup.days_of_feedback TO leadfly_reader;
GRANT SELECT (tenant_id, id, lead_id, type, reason, buyer_id, happened_at, value, currency, counted,
              given_at, given_by, undone_at, undone_by)
    ON dedup.feedback TO leadfly_reader;
