-- Consents can be withdrawn, in part or all of them, and a withdrawal outlives the record that it came
-- with: it moves to what is left of the person.
--
-- See docs/decisions/0073.

-- A row is a word of a person's: from then on they do not agree to that any more (GDPR Art. 7(3)).
CREATE TABLE public.withdrawals (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    lead_id uuid NOT NULL,
    purposes text[], -- null: all
    withdrawn_at timestamptz NOT NULL,
    channel text NOT NULL, -- how they said it
    withdrawn_by text NOT NULL, -- who wrote it down: the prefix of an API key, `local`, `record erased`
    reason bytea, -- sealed
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    CHECK (purposes <> '{}')
);
CREATE INDEX withdrawals_lead ON public.withdrawals (tenant_id, lead_id);

-- A row hangs on no lead, as of signals.objected_addresses: whoever comes with this address or number
-- later has withdrawn, unless they agree anew. It says that, and nothing else.
CREATE TABLE public.withdrawn_addresses (
    tenant_id text NOT NULL,
    key bigint NOT NULL, -- the pseudonym by which records are found that give it
    purpose text NOT NULL, -- empty: all
    withdrawn_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key, purpose)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['withdrawals', 'withdrawn_addresses'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON public.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
END
$$;

-- What a lead's person agrees to is another now.
CREATE TRIGGER to_read AFTER INSERT ON public.withdrawals
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching.to_read();

-- A record that goes hands what its person took back, and that they objected, to their other records.
-- It runs before what hangs on the lead goes, and as the owner, which FORCE binds too.
CREATE FUNCTION public.hand_on_withdrawals() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named text := current_setting('leadfly.tenant_id', true);
    others uuid[];
BEGIN
    PERFORM set_config('leadfly.tenant_id', OLD.tenant_id, true);
    -- Nobody is left of a person who goes as a whole.
    IF EXISTS (SELECT FROM public.subjects
               WHERE tenant_id = OLD.tenant_id AND id = OLD.subject_id) THEN
        others := ARRAY(SELECT id FROM public.leads
                        WHERE tenant_id = OLD.tenant_id
                          AND subject_id BETWEEN OLD.subject_id AND OLD.subject_id
                          AND id <> OLD.id
                        ORDER BY subject_id LIMIT 1000);
    END IF;
    IF cardinality(others) > 0 THEN
        INSERT INTO public.withdrawals (tenant_id, id, lead_id, purposes, withdrawn_at, channel,
                                        withdrawn_by)
        SELECT OLD.tenant_id, gen_random_uuid(), other.id, word.purposes, word.withdrawn_at,
               word.channel, word.withdrawn_by
        FROM unnest(others) AS other (id)
        CROSS JOIN (
            -- What a record says and its address as well is one word.
            SELECT DISTINCT ON (purposes, withdrawn_at) *
            FROM (
                SELECT purposes, withdrawn_at, channel, withdrawn_by FROM public.withdrawals
                WHERE tenant_id = OLD.tenant_id AND lead_id = OLD.id
                UNION ALL
                SELECT NULL, withdrawn_at, 'other', 'record erased' FROM public.consents
                WHERE tenant_id = OLD.tenant_id AND lead_id = OLD.id AND withdrawn_at IS NOT NULL
                UNION ALL
                SELECT CASE WHEN kept.purpose <> '' THEN ARRAY[kept.purpose] END, kept.withdrawn_at,
                       'other', 'record erased'
                FROM dedup.record_keys AS given
                JOIN public.withdrawn_addresses AS kept
                    ON kept.tenant_id = OLD.tenant_id AND kept.key = given.blocking_key
                WHERE given.tenant_id = OLD.tenant_id AND given.lead_id = OLD.id
            ) AS said
            ORDER BY purposes, withdrawn_at, withdrawn_by = 'record erased'
        ) AS word
        WHERE NOT EXISTS (
            SELECT FROM public.withdrawals AS own
            WHERE own.tenant_id = OLD.tenant_id AND own.lead_id = other.id
              AND own.withdrawn_at = word.withdrawn_at
              AND own.purposes IS NOT DISTINCT FROM word.purposes);
        INSERT INTO signals.behaviours (tenant_id, lead_id, event_key, behavior_type, occurred_at,
                                        recorded_at)
        SELECT OLD.tenant_id, other.id,
               hashtextextended(format('%s %s %s', said.behavior_type,
                                       extract(epoch FROM said.occurred_at),
                                       extract(epoch FROM said.recorded_at)), 0),
               said.behavior_type, said.occurred_at, said.recorded_at
        FROM unnest(others) AS other (id)
        CROSS JOIN (
            SELECT DISTINCT behavior_type, occurred_at, recorded_at FROM signals.objections
            WHERE tenant_id = OLD.tenant_id AND lead_id BETWEEN OLD.id AND OLD.id
        ) AS said
        ON CONFLICT DO NOTHING;
    END IF;
    PERFORM set_config('leadfly.tenant_id', coalesce(named, ''), true);
    RETURN OLD;
END
$$;
REVOKE ALL ON FUNCTION public.hand_on_withdrawals FROM PUBLIC;
CREATE TRIGGER hand_on_withdrawals BEFORE DELETE ON public.leads
    FOR EACH ROW EXECUTE FUNCTION public.hand_on_withdrawals();

-- Of addresses and numbers whose people want that forgotten, too; returns how many words went. Rights
-- to delete rows of both tables would be more than erasing needs.
CREATE FUNCTION privacy.forget_objections(forgotten bigint[]) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH withdrawn AS (
        DELETE FROM public.withdrawn_addresses
        WHERE tenant_id = current_setting('leadfly.tenant_id') AND key = ANY (forgotten)
        RETURNING key
    ), objected AS (
        DELETE FROM signals.objected_addresses
        WHERE tenant_id = current_setting('leadfly.tenant_id') AND key = ANY (forgotten)
        RETURNING key
    )
    SELECT (SELECT count(*) FROM withdrawn) + (SELECT count(*) FROM objected)
$$;
REVOKE ALL ON FUNCTION privacy.forget_objections FROM PUBLIC;
GRANT EXECUTE ON FUNCTION privacy.forget_objections TO leadfly_eraser;

GRANT SELECT, INSERT ON public.withdrawals TO leadfly_app;
GRANT SELECT ON public.withdrawals TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON public.withdrawn_addresses TO leadfly_app;
GRANT SELECT ON public.withdrawn_addresses TO leadfly_worker;
GRANT SELECT (tenant_id, id, lead_id, purposes, withdrawn_at, channel, withdrawn_by)
    ON public.withdrawals TO leadfly_reader;
GRANT SELECT (tenant_id, purpose, withdrawn_at) ON public.withdrawn_addresses TO leadfly_reader;

-- Whoever took something back is listed anew: where the mode asks for consent, without what they said.
CREATE FUNCTION leads.to_list_anew() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO leads.unlisted (tenant_id, lead_id)
    SELECT changed.tenant_id, record.id
    FROM changed
    CROSS JOIN LATERAL (
        SELECT subject_id FROM public.leads
        WHERE tenant_id = changed.tenant_id AND id BETWEEN changed.lead_id AND changed.lead_id
        ORDER BY id LIMIT 1
    ) AS own
    CROSS JOIN LATERAL (
        SELECT id FROM public.leads
        WHERE tenant_id = changed.tenant_id
          AND subject_id BETWEEN own.subject_id AND own.subject_id
        ORDER BY subject_id
    ) AS record
    GROUP BY changed.tenant_id, record.id ORDER BY record.id
    -- Whoever is listing one at this moment is waited for: they may have read it before this.
    ON CONFLICT (tenant_id, lead_id) DO UPDATE SET lead_id = EXCLUDED.lead_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER to_list_anew AFTER INSERT ON public.withdrawals
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION leads.to_list_anew();

-- Takes out of the lists of the named tenant what leads said of themselves; tags and status stay.
CREATE FUNCTION leads.bare(withdrawn uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH bared AS MATERIALIZED (
        SELECT lead_id, words FROM leads.listing
        WHERE tenant_id = current_setting('leadfly.tenant_id') AND lead_id = ANY (withdrawn)
        ORDER BY lead_id FOR UPDATE
    ), gone AS (
        DELETE FROM leads.words AS said USING bared
        WHERE said.tenant_id = current_setting('leadfly.tenant_id')
          AND said.word = ANY (bared.words) AND said.lead_id = bared.lead_id
    )
    UPDATE leads.listing AS listed
    SET country = NULL, admin1 = NULL, place = NULL, latitude = NULL, longitude = NULL, cell = NULL,
        industry = NULL, company = NULL, company_size = NULL, lead_category = NULL,
        lead_type = NULL, words = '{}'
    FROM bared
    WHERE listed.tenant_id = current_setting('leadfly.tenant_id')
      AND listed.lead_id = bared.lead_id
$$;
REVOKE ALL ON FUNCTION leads.to_list_anew, leads.bare FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leads.bare TO leadfly_app, leadfly_worker;
