-- Clerical review: what people judged of flagged leads, who and why, and how to take it back.
--
-- A review with no judgement, or with the judgement `unsure`, is open. Everything here hangs on
-- its leads by a cascade: who is erased takes verdicts, reasons and labels along.

ALTER TABLE dedup.reviews
    ADD COLUMN judged_by text, -- an API key's prefix, or `local`
    ADD CONSTRAINT reviews_judgement CHECK (judgement IN ('duplicate', 'different', 'unsure'));
CREATE INDEX reviews_open ON dedup.reviews (tenant_id, id)
    WHERE judgement IS NULL OR judgement = 'unsure';
CREATE INDEX reviews_settled ON dedup.reviews (tenant_id, id)
    WHERE judgement IN ('duplicate', 'different');

-- The audit: rows are added and never changed; the application may do no more.
CREATE TABLE dedup.judgements (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7: the order of ids is the order of judgements
    review_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    judgement text NOT NULL
        CHECK (judgement IN ('duplicate', 'different', 'unsure', 'reopened')),
    judged_by text NOT NULL,
    reason bytea, -- sealed: people write names into it
    judged_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, review_id) REFERENCES dedup.reviews ON DELETE CASCADE
);
CREATE INDEX judgements_lead ON dedup.judgements (tenant_id, lead_id);
CREATE INDEX judgements_review ON dedup.judgements (tenant_id, review_id, id);

-- Pairs of leads that a person has judged, with what was compared, to fit a model by.
CREATE TABLE dedup.labels (
    tenant_id text NOT NULL,
    review_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    known_lead_id uuid NOT NULL,
    same_person boolean NOT NULL,
    levels jsonb NOT NULL,
    model_version text NOT NULL,
    labelled_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, review_id),
    FOREIGN KEY (tenant_id, review_id) REFERENCES dedup.reviews ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, known_lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX labels_lead ON dedup.labels (tenant_id, lead_id);
CREATE INDEX labels_known_lead ON dedup.labels (tenant_id, known_lead_id);

-- Whose record each lead was before a review merged it, so that the merge can be undone.
CREATE TABLE dedup.merged_leads (
    tenant_id text NOT NULL,
    review_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    duplicate_of uuid,
    PRIMARY KEY (tenant_id, review_id, lead_id),
    FOREIGN KEY (tenant_id, review_id) REFERENCES dedup.reviews ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX merged_leads_lead ON dedup.merged_leads (tenant_id, lead_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['judgements', 'labels', 'merged_leads'] LOOP
        EXECUTE format('ALTER TABLE dedup.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE dedup.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON dedup.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT ON dedup.judgements TO leadfly_app;
GRANT SELECT, INSERT, DELETE ON dedup.labels, dedup.merged_leads TO leadfly_app;
