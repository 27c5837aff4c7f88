-- What texts and behaviour say that leads need, who judged it, and what it adds up to for each.
--
-- A detection is one reading of one text, page or list of events; all are kept, and of each source
-- the latest is what holds now. See docs/decisions/0037.

CREATE SCHEMA signals;

CREATE TABLE signals.detections (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    detected_at timestamptz NOT NULL,
    source text NOT NULL CHECK (source IN ('content', 'url', 'behavior')),
    language text NOT NULL, -- ISO 639; und where nothing can be told
    individual boolean NOT NULL, -- about a private person's own finances
    signal_strength smallint NOT NULL CHECK (signal_strength BETWEEN 0 AND 100),
    intent_score smallint NOT NULL CHECK (intent_score BETWEEN 0 AND 100),
    needs text[] NOT NULL,
    model text NOT NULL, -- which rules and weights read it
    read_key bigint NOT NULL, -- pseudonym of all that was read: the same, sent again, is known
    text bytea, -- sealed; its beginning, for reviewers and training; null of behaviour
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX detections_id ON signals.detections (tenant_id, id);

CREATE TABLE signals.found (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    detection_id uuid NOT NULL,
    type text NOT NULL,
    category text NOT NULL,
    source text NOT NULL,
    content bytea NOT NULL, -- sealed: it quotes the person
    span_start integer, -- code points; null of behaviour
    span_end integer,
    strength smallint NOT NULL CHECK (strength BETWEEN 0 AND 100),
    confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    rule text NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id, detection_id) REFERENCES signals.detections ON DELETE CASCADE
);
CREATE INDEX found_id ON signals.found (tenant_id, id);
CREATE INDEX found_detection ON signals.found (tenant_id, lead_id, detection_id);

-- What people say of it: of one signal that it is right or wrong, of a text what it really says.
CREATE TABLE signals.feedback (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7: the latest counts
    lead_id uuid NOT NULL,
    detection_id uuid NOT NULL,
    signal_id uuid, -- null: it is about the whole text
    verdict text CHECK (verdict IN ('right', 'wrong')),
    labels text[] NOT NULL,
    note bytea, -- sealed
    given_by text NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id, detection_id) REFERENCES signals.detections ON DELETE CASCADE,
    CHECK ((signal_id IS NULL) = (verdict IS NULL))
);
CREATE INDEX feedback_detection ON signals.feedback (tenant_id, detection_id);

-- What the signals of a lead that hold now add up to.
CREATE TABLE signals.scored (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    signal_strength smallint NOT NULL CHECK (signal_strength BETWEEN 0 AND 100),
    intent_score smallint NOT NULL CHECK (intent_score BETWEEN 0 AND 100),
    needs text[] NOT NULL, -- the strongest first
    scored_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['detections', 'found', 'feedback', 'scored'] LOOP
        EXECUTE format('ALTER TABLE signals.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE signals.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON signals.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- Published: the signals of a lead that hold now, those of its latest detection of each source.
CREATE VIEW signals.current WITH (security_invoker = true) AS
    SELECT signal.tenant_id, signal.lead_id, signal.id, signal.detection_id, signal.type,
           signal.category, signal.source, signal.content,
           'signals/found/' || signal.id AS sealed_for, -- what the gate opens `content` for
           signal.strength, signal.confidence, signal.rule,
           detection.individual, detection.detected_at
    FROM signals.found AS signal
    JOIN signals.detections AS detection
        ON detection.tenant_id = signal.tenant_id AND detection.lead_id = signal.lead_id
       AND detection.id = signal.detection_id
    WHERE NOT EXISTS (
        SELECT FROM signals.detections AS later
        WHERE later.tenant_id = detection.tenant_id AND later.lead_id = detection.lead_id
          AND later.source = detection.source AND later.id > detection.id);

-- Published: what they add up to.
CREATE VIEW signals.scores WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, signal_strength, intent_score, needs FROM signals.scored;

-- The listing of a lead follows its scores; signals that came with the lead stay beside them. One
-- that is not listed yet finds its scores when it is.
CREATE FUNCTION leads.follow_scores() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    given smallint := (SELECT max(strength) FROM leads.signals
                       WHERE tenant_id = NEW.tenant_id AND lead_id = NEW.lead_id);
BEGIN
    UPDATE leads.listing
    SET signal_strength = greatest(given, NEW.signal_strength), intent_score = NEW.intent_score
    WHERE tenant_id = NEW.tenant_id AND lead_id = NEW.lead_id
      AND (signal_strength, intent_score)
          IS DISTINCT FROM (greatest(given, NEW.signal_strength), NEW.intent_score);
    RETURN NULL;
END
$$;
CREATE TRIGGER follow_scores AFTER INSERT OR UPDATE ON signals.scored
    FOR EACH ROW EXECUTE FUNCTION leads.follow_scores();
REVOKE ALL ON FUNCTION leads.follow_scores FROM PUBLIC;

GRANT USAGE ON SCHEMA signals TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT SELECT, INSERT ON signals.detections, signals.found, signals.feedback TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (signal_strength, intent_score, needs, scored_at)
    ON signals.scored TO leadfly_app;
GRANT SELECT ON signals.current, signals.scores TO leadfly_app;
-- The worker lists leads.
GRANT SELECT ON signals.scored, signals.scores TO leadfly_worker;
GRANT SELECT ON signals.scored TO leadfly_reader;
