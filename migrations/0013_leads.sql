-- Leads as people work with them: investigations, what lists filter and sort by, who changed what.
--
-- leads.listing is a read model: one narrow row a lead, written soon after the lead, never in the
-- transaction that decides about it. See docs/decisions/0033.

CREATE SCHEMA leads;

CREATE TABLE leads.investigations (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description text NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'closed')),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL, -- the prefix of an API key, `local` or `command line`
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Leads that are stored and not listed yet. The trigger below fills it with the lead itself.
CREATE TABLE leads.unlisted (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

-- A signature: of each text its first letters as one of 64 bits. What a lead has not, its bits say.
CREATE FUNCTION leads.bits(texts text[], letters integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(bit_or(1::bigint << (hashtext(left(said, letters)) & 63)), 0)
    FROM unnest(texts) AS said
$$;

CREATE TABLE leads.listing (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    investigation_id uuid,
    source_id text NOT NULL,
    -- Copies of what public.leads says; a trigger keeps them.
    status text NOT NULL,
    duplicate boolean NOT NULL,
    received_at timestamptz NOT NULL,
    signal_strength smallint NOT NULL DEFAULT 0 CHECK (signal_strength BETWEEN 0 AND 100),
    intent_score smallint NOT NULL DEFAULT 0 CHECK (intent_score BETWEEN 0 AND 100),
    -- Where it is, as shared/normalize/place.py reads what it says; null where it says nothing.
    country text, -- ISO 3166-1 alpha-2
    admin1 text, -- a code within the country
    place text, -- the place's name
    latitude double precision,
    longitude double precision,
    cell bigint, -- where on a space-filling curve
    industry text COLLATE "C", -- NAICS: what is within an industry begins with its code
    company text, -- canonical, to count businesses by
    company_size text,
    lead_category text,
    lead_type text,
    assigned_to text,
    tags text[] NOT NULL DEFAULT '{}',
    -- What a text search finds it by: words, or pseudonyms of them where the mode seals names.
    words text[] NOT NULL,
    tag_bits bigint NOT NULL GENERATED ALWAYS AS (leads.bits(tags, 64)) STORED,
    word_bits bigint NOT NULL GENERATED ALWAYS AS (leads.bits(words, 3)) STORED,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, investigation_id) REFERENCES leads.investigations
        ON DELETE SET NULL (investigation_id)
);
-- A list is a walk along one of these in its order, or a look at all that one filter leaves. Each
-- holds whatever else may be filtered by, so that leads which some other filter leaves out cost no
-- look at the table; the measurements are in docs/decisions/0033.
DO $$
DECLARE
    filtered text := 'status, duplicate, investigation_id, source_id, industry, country, admin1, '
        'cell, latitude, longitude, company_size, lead_category, lead_type, assigned_to, '
        'tag_bits, word_bits';
    strongest text := 'signal_strength DESC, received_at DESC, lead_id DESC';
BEGIN
    EXECUTE format('CREATE INDEX listing_strongest ON leads.listing (tenant_id, %s) INCLUDE (%s)',
                   strongest, filtered);
    EXECUTE format('CREATE INDEX listing_newest ON leads.listing
                        (tenant_id, received_at DESC, lead_id DESC)
                        INCLUDE (signal_strength, %s)', filtered);
    EXECUTE format('CREATE INDEX listing_investigation ON leads.listing
                        (tenant_id, investigation_id, %s) INCLUDE (%s)
                        WHERE investigation_id IS NOT NULL',
                   strongest, replace(filtered, 'investigation_id, ', ''));
    EXECUTE format('CREATE INDEX listing_source ON leads.listing
                        (tenant_id, source_id, %s) INCLUDE (%s)',
                   strongest, replace(filtered, 'source_id, ', ''));
    EXECUTE format('CREATE INDEX listing_status ON leads.listing
                        (tenant_id, status, %s) INCLUDE (%s)',
                   strongest, replace(filtered, 'status, ', ''));
    EXECUTE format('CREATE INDEX listing_industry ON leads.listing
                        (tenant_id, industry, %s) INCLUDE (%s) WHERE industry IS NOT NULL',
                   strongest, replace(filtered, 'industry, ', ''));
    EXECUTE format('CREATE INDEX listing_region ON leads.listing
                        (tenant_id, country, admin1, %s) INCLUDE (%s) WHERE country IS NOT NULL',
                   strongest, replace(filtered, 'country, admin1, ', ''));
    EXECUTE format('CREATE INDEX listing_category ON leads.listing
                        (tenant_id, lead_category, %s) INCLUDE (%s)
                        WHERE lead_category IS NOT NULL',
                   strongest, replace(filtered, 'lead_category, ', ''));
    EXECUTE format('CREATE INDEX listing_size ON leads.listing
                        (tenant_id, company_size, lead_type, %s) INCLUDE (%s)
                        WHERE company_size IS NOT NULL',
                   strongest, replace(replace(filtered, 'company_size, ', ''), 'lead_type, ', ''));
    EXECUTE format('CREATE INDEX listing_assigned ON leads.listing
                        (tenant_id, assigned_to, %s) INCLUDE (%s)
                        WHERE assigned_to IS NOT NULL',
                   strongest, replace(filtered, 'assigned_to, ', ''));
    EXECUTE format('CREATE INDEX listing_cell ON leads.listing
                        (tenant_id, cell) INCLUDE (signal_strength, received_at, lead_id, %s)
                        WHERE cell IS NOT NULL', replace(filtered, 'cell, ', ''));
END
$$;
-- Pages that nobody changed lately are read off the index alone, once a vacuum has seen them.
ALTER TABLE leads.listing SET (autovacuum_vacuum_insert_scale_factor = 0.02,
                               autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE leads.listing ALTER cell SET STATISTICS 1000;
-- No consumer has a company's size: filters that exclude each other are not to be walked in vain.
CREATE STATISTICS leads.listing_kinds (mcv)
    ON company_size, lead_type, lead_category, status FROM leads.listing;
CREATE STATISTICS leads.listing_origins (mcv)
    ON investigation_id, source_id, status FROM leads.listing;

-- As dedup.blocking_keys: a listing names its own words, and a trigger takes them away with it.
CREATE TABLE leads.words (
    tenant_id text NOT NULL,
    word text COLLATE "C" NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, word, lead_id)
);

-- Signals of what somebody needs, as whoever created the lead gave them.
CREATE TABLE leads.signals (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    signal_type text NOT NULL,
    signal_category text NOT NULL,
    source text NOT NULL,
    content bytea, -- sealed: it quotes the person
    strength smallint NOT NULL CHECK (strength BETWEEN 0 AND 100),
    confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    detected_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

CREATE TABLE leads.notes (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    text bytea NOT NULL, -- sealed
    written_by text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

-- One action on many leads, that can be taken back.
CREATE TABLE leads.bulk_actions (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    change jsonb NOT NULL, -- what was set
    leads integer NOT NULL, -- how many were changed
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    undone_at timestamptz,
    undone_by text,
    put_back integer, -- how many leads undoing it changed
    changed_since integer, -- how many values it left, for somebody had changed them since
    PRIMARY KEY (tenant_id, id)
);

-- The audit of exports: who took how many leads out, when and for what; never whose.
CREATE TABLE leads.exports (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    purpose text NOT NULL,
    filter jsonb NOT NULL, -- of a text search, only that there was one
    leads integer NOT NULL, -- handed out so far
    left_out integer NOT NULL, -- so far, for want of a consent
    begun_at timestamptz NOT NULL,
    begun_by text NOT NULL,
    ended_at timestamptz, -- null while it goes on, and if it broke off
    PRIMARY KEY (tenant_id, id)
);

-- The history of a lead: what people changed. A field's value stands as JSON.
CREATE TABLE leads.changes (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    field text NOT NULL, -- status, assigned_to, tags, investigation_id
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    bulk_id uuid,
    taken_back boolean NOT NULL, -- true: undoing that action did it
    reason bytea, -- sealed
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX changes_bulk ON leads.changes (tenant_id, bulk_id) WHERE bulk_id IS NOT NULL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['investigations', 'unlisted', 'listing', 'words', 'signals',
                                'notes', 'bulk_actions', 'changes', 'exports'] LOOP
        EXECUTE format('ALTER TABLE leads.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE leads.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON leads.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- Whoever stores a lead leaves a note that it is to be listed; so does what was stored before.
CREATE FUNCTION leads.to_list() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO leads.unlisted (tenant_id, lead_id) SELECT tenant_id, id FROM arrived;
    RETURN NULL;
END
$$;
CREATE TRIGGER to_list AFTER INSERT ON public.leads
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION leads.to_list();

ALTER TABLE public.leads NO FORCE ROW LEVEL SECURITY;
ALTER TABLE leads.unlisted NO FORCE ROW LEVEL SECURITY;
INSERT INTO leads.unlisted (tenant_id, lead_id) SELECT tenant_id, id FROM public.leads;
ALTER TABLE public.leads FORCE ROW LEVEL SECURITY;
ALTER TABLE leads.unlisted FORCE ROW LEVEL SECURITY;

-- A merge, its undoing and a change of status show in lists at once.
CREATE FUNCTION leads.follow() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE leads.listing AS listed
    SET status = changed.status, duplicate = changed.duplicate_of IS NOT NULL
    FROM changed
    WHERE listed.tenant_id = changed.tenant_id AND listed.lead_id = changed.id
      AND (listed.status, listed.duplicate)
          IS DISTINCT FROM (changed.status, changed.duplicate_of IS NOT NULL);
    RETURN NULL;
END
$$;
CREATE TRIGGER follow AFTER UPDATE ON public.leads
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION leads.follow();

-- Tags are words, too: `#` and the tag. These run as the tables' owner, which FORCE binds too, so
-- they name the tenant of the row and give the name back.
CREATE FUNCTION leads.tag_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM set_config('leadfly.tenant_id', NEW.tenant_id, true);
    DELETE FROM leads.words
    WHERE tenant_id = NEW.tenant_id AND lead_id = NEW.lead_id
      AND word = ANY (ARRAY(SELECT '#' || tag FROM unnest(OLD.tags) AS tag
                            WHERE tag <> ALL (NEW.tags)));
    INSERT INTO leads.words (tenant_id, word, lead_id)
    SELECT NEW.tenant_id, '#' || tag, NEW.lead_id
    FROM unnest(NEW.tags) AS tag WHERE tag <> ALL (OLD.tags)
    ON CONFLICT DO NOTHING;
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN NULL;
END
$$;
CREATE TRIGGER tag_words AFTER UPDATE OF tags ON leads.listing
    FOR EACH ROW WHEN (OLD.tags IS DISTINCT FROM NEW.tags) EXECUTE FUNCTION leads.tag_words();

CREATE FUNCTION leads.forget_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM set_config('leadfly.tenant_id', OLD.tenant_id, true);
    DELETE FROM leads.words
    WHERE tenant_id = OLD.tenant_id AND lead_id = OLD.lead_id
      AND word = ANY (OLD.words || ARRAY(SELECT '#' || tag FROM unnest(OLD.tags) AS tag));
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_words AFTER DELETE ON leads.listing
    FOR EACH ROW EXECUTE FUNCTION leads.forget_words();

REVOKE ALL ON FUNCTION leads.bits FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leads.bits TO leadfly_app, leadfly_worker;
REVOKE ALL ON FUNCTION leads.to_list, leads.follow, leads.tag_words, leads.forget_words FROM PUBLIC;

-- The worker does not know whose leads wait; as claim_jobs of 0004 it may ask across tenants.
CREATE POLICY worker ON leads.unlisted TO CURRENT_USER USING (true);

CREATE FUNCTION leads.to_be_listed(most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    -- From one tenant to the next along the primary key, however many leads wait of each.
    WITH RECURSIVE waiting AS (
        (SELECT u.tenant_id FROM leads.unlisted AS u ORDER BY u.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT u.tenant_id FROM leads.unlisted AS u
                WHERE u.tenant_id > waiting.tenant_id ORDER BY u.tenant_id LIMIT 1)
        FROM waiting WHERE waiting.tenant_id IS NOT NULL
    )
    SELECT waiting.tenant_id FROM waiting WHERE waiting.tenant_id IS NOT NULL LIMIT most
$$;
REVOKE ALL ON FUNCTION leads.to_be_listed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leads.to_be_listed TO leadfly_worker;

-- What the duplicate check publishes of its reviews, to count them by the day.
CREATE VIEW dedup.flagged WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, opened_at FROM dedup.reviews;
GRANT SELECT ON dedup.flagged TO leadfly_app;

GRANT USAGE ON SCHEMA leads TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT SELECT, INSERT, UPDATE (name, description, status, changed_at, changed_by)
    ON leads.investigations TO leadfly_app;
-- Nobody changes a note that a lead is to be listed; whoever may update a column locks the row.
GRANT SELECT, INSERT, DELETE, UPDATE (lead_id) ON leads.unlisted TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT, UPDATE (investigation_id, status, duplicate, signal_strength, intent_score,
                              assigned_to, tags)
    ON leads.listing TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT ON leads.words TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT ON leads.signals, leads.notes, leads.changes TO leadfly_app;
GRANT SELECT (tenant_id, lead_id, id), INSERT ON leads.notes TO leadfly_worker;
GRANT SELECT ON leads.investigations TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (undone_at, undone_by, put_back, changed_since)
    ON leads.bulk_actions TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (leads, left_out, ended_at) ON leads.exports TO leadfly_app;
GRANT UPDATE (status) ON public.leads TO leadfly_app;
GRANT SELECT ON leads.investigations, leads.bulk_actions, leads.exports TO leadfly_reader;
GRANT SELECT (tenant_id, id, lead_id, field, before, after, changed_at, changed_by, bulk_id,
              taken_back)
    ON leads.changes TO leadfly_reader;
GRANT SELECT (tenant_id, lead_id, investigation_id, source_id, status, duplicate, received_at,
              signal_strength, intent_score, country, admin1, industry, company_size,
              lead_category, lead_type, assigned_to, tags)
    ON leads.listing TO leadfly_reader;
