-- What matching knows of each lead, so that all leads of an account are ranked for a service.
--
-- matching.profiles is a read model of others' published views: one row a lead, read anew soon after
-- something of it changed. See docs/decisions/0042.

CREATE TABLE matching.profiles (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    -- Rises with every reading, in the order in which readings are committed.
    revision bigint NOT NULL,
    shown boolean NOT NULL, -- neither a duplicate nor invalid
    purposes text[], -- of the consent that stands; empty: it was withdrawn; null: none is known
    lead_type text,
    company_size text,
    currency text, -- ISO 4217
    industry text, -- NAICS
    needs text[], -- the strongest first
    lead_category text,
    country text, -- ISO 3166-1 alpha-2
    admin1 text,
    latitude double precision,
    longitude double precision,
    loan_amount double precision, -- units of the currency
    revenue double precision, -- units of the currency, a year
    founded_year integer,
    signal_strength smallint, -- 0 to 100
    intent_score smallint, -- 0 to 100
    last_activity_at timestamptz,
    -- Equal where what they name is: readers take each distinct value once.
    consent_hash bigint NOT NULL
        GENERATED ALWAYS AS (hash_record_extended(ROW (purposes), 0)) STORED,
    kind_hash bigint NOT NULL
        GENERATED ALWAYS AS (hash_record_extended(ROW (lead_type, company_size, currency), 0)) STORED,
    trade_hash bigint NOT NULL
        GENERATED ALWAYS AS (hash_record_extended(ROW (industry), 0)) STORED,
    need_hash bigint NOT NULL
        GENERATED ALWAYS AS (hash_record_extended(ROW (needs, lead_category, loan_amount > 0), 0)) STORED,
    region_hash bigint NOT NULL
        GENERATED ALWAYS AS (hash_record_extended(ROW (country, admin1), 0)) STORED,
    PRIMARY KEY (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX profiles_revision ON matching.profiles (tenant_id, revision);

-- Notes that something of a lead changed, as many as there were changes: whoever reads the lead anew
-- deletes those that were there before it did.
CREATE TABLE matching.unread (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    left_subject uuid, -- the person that the lead was taken for before; null: the same
    PRIMARY KEY (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);

-- Which profiles went, for a day: processes that hold profiles in memory forget these. An id names
-- nothing any more once its lead is erased.
CREATE TABLE matching.removed (
    tenant_id text NOT NULL,
    -- A reader looks from the oldest transaction that had not ended when it looked before.
    removed_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    gone_id uuid NOT NULL,
    removed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, removed_in, gone_id)
);
CREATE INDEX removed_at ON matching.removed (tenant_id, removed_at);

CREATE SEQUENCE matching.revisions;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['profiles', 'unread', 'removed'] LOOP
        EXECUTE format('ALTER TABLE matching.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE matching.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON matching.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- Whatever a profile is read from leaves a note; a lead that is not listed yet gets one when it is.
CREATE FUNCTION matching.to_read() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO matching.unread (tenant_id, lead_id)
    SELECT DISTINCT tenant_id, lead_id FROM changed;
    RETURN NULL;
END
$$;
CREATE TRIGGER to_read AFTER INSERT ON leads.listing
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();
CREATE TRIGGER to_read AFTER INSERT ON leads.signals
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();
CREATE TRIGGER to_read AFTER INSERT ON signals.scored
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();
CREATE TRIGGER to_read_again AFTER UPDATE ON signals.scored
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();
CREATE TRIGGER to_read AFTER INSERT ON signals.behaviours
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();
CREATE TRIGGER to_read AFTER INSERT ON public.consents
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();
CREATE TRIGGER to_read_again AFTER UPDATE ON public.consents
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();

-- Tags, assignments and investigations are no part of a profile.
CREATE FUNCTION matching.to_read_listing() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO matching.unread (tenant_id, lead_id)
    SELECT changed.tenant_id, changed.lead_id FROM changed
    JOIN before ON before.tenant_id = changed.tenant_id AND before.lead_id = changed.lead_id
    WHERE (changed.status = 'invalid', changed.duplicate, changed.signal_strength,
           changed.intent_score)
          IS DISTINCT FROM
          (before.status = 'invalid', before.duplicate, before.signal_strength, before.intent_score);
    RETURN NULL;
END
$$;
CREATE TRIGGER to_read_again AFTER UPDATE ON leads.listing
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read_listing();

-- A merge and its undoing: the consent of the person is another, for those who stay behind as well.
CREATE FUNCTION matching.to_read_person() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO matching.unread (tenant_id, lead_id, left_subject)
    SELECT changed.tenant_id, changed.id, before.subject_id FROM changed
    JOIN before ON before.tenant_id = changed.tenant_id AND before.id = changed.id
    WHERE changed.subject_id <> before.subject_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER to_read_person AFTER UPDATE ON public.leads
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read_person();

-- As leads.forget_words: it runs as the owner, which FORCE binds too. What is older than a day goes;
-- rows that another is deleting are left to it.
CREATE FUNCTION matching.remember_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
BEGIN
    PERFORM set_config('leadfly.tenant_id', OLD.tenant_id, true);
    INSERT INTO matching.removed (tenant_id, gone_id) VALUES (OLD.tenant_id, OLD.lead_id)
    ON CONFLICT DO NOTHING;
    DELETE FROM matching.removed
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM matching.removed
                            WHERE tenant_id = OLD.tenant_id
                              AND removed_at < now() - interval '1 day'
                            ORDER BY removed_at LIMIT 10 FOR UPDATE SKIP LOCKED));
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN NULL;
END
$$;
CREATE TRIGGER remember_removed AFTER DELETE ON matching.profiles
    FOR EACH ROW EXECUTE FUNCTION matching.remember_removed();

REVOKE ALL ON FUNCTION matching.to_read, matching.to_read_listing, matching.to_read_person,
    matching.remember_removed FROM PUBLIC;

-- What was listed before.
ALTER TABLE leads.listing NO FORCE ROW LEVEL SECURITY;
ALTER TABLE matching.unread NO FORCE ROW LEVEL SECURITY;
INSERT INTO matching.unread (tenant_id, lead_id) SELECT tenant_id, lead_id FROM leads.listing;
ALTER TABLE leads.listing FORCE ROW LEVEL SECURITY;
ALTER TABLE matching.unread FORCE ROW LEVEL SECURITY;

-- As leads.to_be_listed: the worker does not know whose leads wait.
CREATE POLICY worker ON matching.unread TO CURRENT_USER USING (true);

CREATE FUNCTION matching.to_be_read(most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE waiting AS (
        (SELECT u.tenant_id FROM matching.unread AS u ORDER BY u.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT u.tenant_id FROM matching.unread AS u
                WHERE u.tenant_id > waiting.tenant_id ORDER BY u.tenant_id LIMIT 1)
        FROM waiting WHERE waiting.tenant_id IS NOT NULL
    )
    SELECT waiting.tenant_id FROM waiting WHERE waiting.tenant_id IS NOT NULL LIMIT most
$$;
REVOKE ALL ON FUNCTION matching.to_be_read FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matching.to_be_read TO leadfly_worker;

-- Published by the signals service: when a lead did what is still kept of it, and nothing else.
CREATE VIEW signals.activities WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, occurred_at FROM signals.behaviours
    WHERE expires_at IS NULL OR expires_at > now();

GRANT USAGE ON SCHEMA matching TO leadfly_worker;
GRANT USAGE ON SEQUENCE matching.revisions TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT,
    UPDATE (revision, shown, purposes, lead_type, company_size, currency, industry, needs,
            lead_category, country, admin1, latitude, longitude, loan_amount, revenue,
            founded_year, signal_strength, intent_score, last_activity_at)
    ON matching.profiles TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT, DELETE ON matching.unread TO leadfly_app, leadfly_worker;
GRANT SELECT ON matching.removed TO leadfly_app, leadfly_worker;
GRANT SELECT ON signals.activities TO leadfly_app, leadfly_worker;
GRANT SELECT ON leads.profiles, leads.signals_given TO leadfly_worker;
GRANT SELECT (tenant_id, lead_id, signal_type, strength, detected_at) ON leads.signals
    TO leadfly_worker;
GRANT SELECT (tenant_id, lead_id, occurred_at, expires_at) ON signals.behaviours TO leadfly_worker;
