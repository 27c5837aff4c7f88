-- What is worth telling of what happened, who is to hear of it, and what became of telling them.
--
-- See docs/decisions/0045 to 0047.

CREATE SCHEMA alerts;

CREATE TABLE alerts.receivers (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    channel text NOT NULL,
    address bytea NOT NULL, -- sealed: an address is a person's, or a secret
    shown text NOT NULL, -- enough of it to tell receivers apart
    secret bytea, -- sealed: what a webhook's messages are signed with
    definition jsonb NOT NULL, -- quiet hours, digest, limits, as their owner said
    is_active boolean NOT NULL,
    inactive_because text CHECK (inactive_because IN ('paused', 'unsubscribed', 'gone', 'failing')),
    failures integer NOT NULL DEFAULT 0, -- in a row
    failing_since timestamptz,
    held_until timestamptz, -- nothing is sent before
    last_told_at timestamptz,
    storm_told_at timestamptz,
    version integer NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

CREATE TABLE alerts.rules (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    rule_name text NOT NULL CHECK (length(rule_name) BETWEEN 1 AND 200),
    rule_type text NOT NULL,
    definition jsonb NOT NULL, -- all that its owner said
    understood jsonb NOT NULL, -- its places and industries, as they were read
    events text[] NOT NULL, -- those that it looks at
    is_active boolean NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    deleted_at timestamptz, -- alerts name their rule, so it stays
    PRIMARY KEY (tenant_id, id),
    CHECK (deleted_at IS NULL OR NOT is_active)
);
CREATE INDEX rules_active ON alerts.rules (tenant_id, id) WHERE is_active;

-- Every version that a rule ever had, the present one included.
CREATE TABLE alerts.rule_versions (
    tenant_id text NOT NULL,
    rule_id uuid NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    is_active boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, rule_id, version),
    FOREIGN KEY (tenant_id, rule_id) REFERENCES alerts.rules
);

CREATE TABLE alerts.silences (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    matchers jsonb NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    comment text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX silences_end ON alerts.silences (tenant_id, ends_at);

-- What happened and was not looked at yet: a note an event, where an active rule hears it.
CREATE TABLE alerts.waiting (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, lead_id, event_id) REFERENCES public.events ON DELETE CASCADE
);
CREATE INDEX waiting_event ON alerts.waiting (tenant_id, lead_id, event_id);

-- What was looked at already, for a day: a happening that comes twice raises once. The id alone is
-- nobody's; events keep their lead beside it, and what a workflow posted has no other place.
CREATE TABLE alerts.seen (
    tenant_id text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamptz NOT NULL,
    -- Of what was posted with a key of its own: a pseudonym of all it said, and what was answered.
    request bigint,
    alert_ids uuid[],
    suppressed_by text,
    PRIMARY KEY (tenant_id, event_id)
);
CREATE INDEX seen_age ON alerts.seen USING brin (seen_at);

-- When a rule's conditions were met, for "N in M minutes"; the purge takes what is older than two days.
CREATE TABLE alerts.met (
    tenant_id text NOT NULL,
    rule_id uuid NOT NULL,
    counted_by text NOT NULL, -- the group in which it is counted
    event_id uuid NOT NULL,
    lead_id uuid,
    met_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, rule_id, counted_by, event_id),
    FOREIGN KEY (tenant_id, rule_id) REFERENCES alerts.rules ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX met_at ON alerts.met (tenant_id, rule_id, counted_by, met_at);
CREATE INDEX met_lead ON alerts.met (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX met_age ON alerts.met USING brin (met_at);

CREATE TABLE alerts.alerts (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    rule_id uuid, -- null: sent as it is
    rule_version integer,
    alert_type text NOT NULL,
    event text NOT NULL,
    event_id uuid, -- the first one
    fingerprint text NOT NULL,
    group_key text NOT NULL,
    lead_id uuid,
    priority text NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    status text NOT NULL CHECK (status IN ('new', 'read', 'actioned', 'dismissed', 'resolved')),
    words bytea NOT NULL, -- sealed: title and message
    facts jsonb NOT NULL, -- ids, verdicts and places
    times integer NOT NULL DEFAULT 1,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    read_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    assigned_to text,
    snoozed_until timestamptz,
    ended_at timestamptz, -- actioned, dismissed or resolved
    escalate_at timestamptz, -- if nobody has it until then; null: it does not
    escalated_at timestamptz,
    -- The transaction that wrote it last. Who follows changes looks from the oldest transaction that
    -- had not ended when it looked before.
    changed_in xid8 NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, rule_id) REFERENCES alerts.rules
);
CREATE UNIQUE INDEX alerts_open ON alerts.alerts (tenant_id, fingerprint)
    WHERE status IN ('new', 'read');
CREATE INDEX alerts_group ON alerts.alerts (tenant_id, group_key, last_at)
    WHERE status IN ('new', 'read');
CREATE INDEX alerts_lead ON alerts.alerts (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX alerts_rule ON alerts.alerts (tenant_id, rule_id, id) WHERE rule_id IS NOT NULL;
CREATE INDEX alerts_changed ON alerts.alerts (tenant_id, changed_in, id);
CREATE INDEX alerts_status ON alerts.alerts (tenant_id, status, id);
CREATE INDEX alerts_ended ON alerts.alerts USING brin (ended_at);

CREATE FUNCTION alerts.note_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    RETURN NEW;
END
$$;
CREATE TRIGGER note_change BEFORE INSERT OR UPDATE ON alerts.alerts
    FOR EACH ROW EXECUTE FUNCTION alerts.note_change();

-- A group of alerts and a receiver: what it was told, and when to look again.
CREATE TABLE alerts.groups (
    tenant_id text NOT NULL,
    group_key text NOT NULL,
    receiver_id uuid NOT NULL,
    rule_id uuid,
    opened_at timestamptz NOT NULL,
    told_at timestamptz, -- latest
    due_at timestamptz, -- null: nothing to do until something happens
    PRIMARY KEY (tenant_id, group_key, receiver_id),
    FOREIGN KEY (tenant_id, receiver_id) REFERENCES alerts.receivers ON DELETE CASCADE
);
CREATE INDEX groups_due ON alerts.groups (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX groups_receiver ON alerts.groups (tenant_id, receiver_id, due_at);

-- How an alert stands with a receiver: the latest decision, and when it was told last.
CREATE TABLE alerts.standings (
    tenant_id text NOT NULL,
    alert_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    word text NOT NULL,
    told_at timestamptz, -- null: never
    PRIMARY KEY (tenant_id, alert_id, receiver_id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alerts ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, receiver_id) REFERENCES alerts.receivers ON DELETE CASCADE
);
CREATE INDEX standings_receiver ON alerts.standings (tenant_id, receiver_id);

-- Every decision whether to tell, as a word; one that is the same as the one before is not repeated.
CREATE TABLE alerts.decisions (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    alert_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    word text NOT NULL,
    again_at timestamptz,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, alert_id, id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alerts ON DELETE CASCADE
);

-- A notification: what goes to one receiver once. Its id is in every copy.
CREATE TABLE alerts.notifications (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    receiver_id uuid NOT NULL,
    group_key text, -- null: of several groups
    reason text NOT NULL CHECK (reason IN ('first', 'more', 'repeat', 'digest', 'escalation', 'storm', 'test')),
    alert_count integer NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'sent', 'failed', 'dropped')),
    attempts integer NOT NULL DEFAULT 0,
    last_status integer,
    last_error text, -- in our words
    created_at timestamptz NOT NULL,
    next_try_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, receiver_id) REFERENCES alerts.receivers ON DELETE CASCADE
);
CREATE INDEX notifications_receiver ON alerts.notifications (tenant_id, receiver_id, id);
CREATE INDEX notifications_lately ON alerts.notifications (tenant_id, receiver_id, created_at);
CREATE INDEX notifications_age ON alerts.notifications USING brin (created_at);

-- Which alerts a notification tells of; they go with the alert, and that with its lead.
CREATE TABLE alerts.notified (
    tenant_id text NOT NULL,
    notification_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, notification_id, alert_id),
    FOREIGN KEY (tenant_id, notification_id) REFERENCES alerts.notifications ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alerts ON DELETE CASCADE
);
CREATE INDEX notified_alert ON alerts.notified (tenant_id, alert_id);

-- What people did with an alert.
CREATE TABLE alerts.actions (
    tenant_id text NOT NULL,
    id uuid NOT NULL, -- version 7
    alert_id uuid NOT NULL,
    action text NOT NULL,
    note bytea, -- sealed
    details jsonb NOT NULL DEFAULT '{}',
    done_at timestamptz NOT NULL,
    done_by text NOT NULL,
    PRIMARY KEY (tenant_id, alert_id, id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alerts ON DELETE CASCADE
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['receivers', 'rules', 'rule_versions', 'silences', 'waiting', 'seen',
                                'met', 'alerts', 'groups', 'standings', 'decisions',
                                'notifications', 'notified', 'actions'] LOOP
        EXECUTE format('ALTER TABLE alerts.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE alerts.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON alerts.%I USING (tenant_id = current_setting(''leadfly.tenant_id'', true))',
            name);
    END LOOP;
    -- The functions below look across tenants as the tables' owner, as those of 0004 do.
    FOREACH name IN ARRAY ARRAY['silences', 'waiting', 'seen', 'met', 'alerts', 'groups',
                                'notifications'] LOOP
        EXECUTE format('CREATE POLICY worker ON alerts.%I TO CURRENT_USER USING (true)', name);
    END LOOP;
END
$$;

-- An event that no active rule of its account hears costs one look at its rules, and no more.
CREATE FUNCTION alerts.note_waiting() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO alerts.waiting (tenant_id, lead_id, event_id)
    SELECT told.tenant_id, told.lead_id, told.id
    FROM told
    JOIN (
        SELECT DISTINCT rule.tenant_id, unnest(rule.events) AS event FROM alerts.rules AS rule
        WHERE rule.is_active AND rule.tenant_id = ANY (ARRAY(SELECT tenant_id FROM told))
    ) AS heard ON heard.tenant_id = told.tenant_id AND heard.event = told.event;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_waiting AFTER INSERT ON public.events
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION alerts.note_waiting();

-- Tenants with events that wait to be looked at.
CREATE FUNCTION alerts.to_be_raised(most integer)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    -- From one tenant to the next along the primary key, however many events wait of each.
    WITH RECURSIVE found AS (
        (SELECT w.tenant_id FROM alerts.waiting AS w ORDER BY w.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT w.tenant_id FROM alerts.waiting AS w
                WHERE w.tenant_id > found.tenant_id ORDER BY w.tenant_id LIMIT 1)
        FROM found WHERE found.tenant_id IS NOT NULL
    )
    SELECT found.tenant_id FROM found WHERE found.tenant_id IS NOT NULL LIMIT most
$$;

-- Receivers of whose groups one is due, the longest due first.
CREATE FUNCTION alerts.to_be_told(moment timestamptz, most integer)
    RETURNS TABLE (tenant_id text, receiver_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT due.tenant_id, due.receiver_id
    FROM (
        SELECT g.tenant_id, g.receiver_id, g.due_at FROM alerts.groups AS g
        WHERE g.due_at <= moment ORDER BY g.due_at LIMIT most
    ) AS due
    GROUP BY due.tenant_id, due.receiver_id ORDER BY min(due.due_at)
$$;

-- Those of the tenants `listening` of whose alerts one was written in `since` or later.
CREATE FUNCTION alerts.changed_of(listening text[], since xid8)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT one.name FROM unnest(listening) AS one (name)
    CROSS JOIN LATERAL (
        SELECT FROM alerts.alerts AS a
        WHERE a.tenant_id = one.name AND a.changed_in >= since
          AND a.changed_in < pg_snapshot_xmax(pg_current_snapshot())
        ORDER BY a.changed_in LIMIT 1
    ) AS changed
$$;

-- Deletes what is past its time, of all tenants, `most` rows of each table at a time: alerts that
-- ended and notifications older than `kept`, silences that ended then, and what was remembered for
-- counting and for telling twice from once.
CREATE FUNCTION alerts.purge(kept interval, remembered interval, most integer)
    RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH gone_alerts AS (
        DELETE FROM alerts.alerts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.alerts
            WHERE ended_at < now() - greatest(kept, interval '30 days')
            LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), gone_notifications AS (
        DELETE FROM alerts.notifications WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.notifications
            WHERE created_at < now() - greatest(kept, interval '30 days') AND status <> 'pending'
            LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), gone_silences AS (
        DELETE FROM alerts.silences WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.silences
            WHERE ends_at < now() - greatest(kept, interval '30 days') LIMIT most))
        RETURNING 1
    ), gone_seen AS (
        DELETE FROM alerts.seen WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.seen
            WHERE seen_at < now() - greatest(remembered, interval '1 day') LIMIT most))
        RETURNING 1
    ), gone_met AS (
        DELETE FROM alerts.met WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.met
            WHERE met_at < now() - greatest(remembered, interval '2 days')
            LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), gone_groups AS (
        DELETE FROM alerts.groups WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.groups AS g
            WHERE g.due_at IS NULL
              AND coalesce(g.told_at, g.opened_at) < now() - greatest(kept, interval '30 days')
              AND NOT EXISTS (SELECT FROM alerts.alerts AS a
                              WHERE a.tenant_id = g.tenant_id AND a.group_key = g.group_key
                                AND a.status IN ('new', 'read'))
            LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone_alerts) + (SELECT count(*) FROM gone_notifications)
         + (SELECT count(*) FROM gone_silences) + (SELECT count(*) FROM gone_seen)
         + (SELECT count(*) FROM gone_met) + (SELECT count(*) FROM gone_groups)
$$;

-- Ends open alerts that nobody has, and that did not happen again for `quiet`: who follows alerts by
-- mail alone never ends one, and a group would grow without end.
CREATE FUNCTION alerts.end_forgotten(quiet interval, moment timestamptz, most integer)
    RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH ended AS (
        UPDATE alerts.alerts
        SET status = 'resolved', ended_at = moment, escalate_at = NULL, snoozed_until = NULL
        WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM alerts.alerts
            WHERE status IN ('new', 'read') AND acknowledged_at IS NULL
              AND coalesce(snoozed_until < moment, true)
              AND last_at < moment - greatest(quiet, interval '7 days')
            LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING 1
    )
    SELECT count(*) FROM ended
$$;

REVOKE ALL ON FUNCTION alerts.note_waiting, alerts.note_change, alerts.to_be_raised,
    alerts.to_be_told, alerts.changed_of, alerts.purge, alerts.end_forgotten FROM PUBLIC;

-- Published by the leads service: what rules look at of a lead, and nothing that says who it is.
CREATE VIEW leads.traits WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, status, duplicate, received_at, source_id, investigation_id,
           signal_strength, intent_score, country, admin1, place, latitude, longitude, industry,
           company_size, lead_category, lead_type, assigned_to, tags
    FROM leads.listing;

-- Owners of rules and receivers speak through the app, and what a workflow posts is raised at once;
-- what happened otherwise is raised, told and delivered by the worker.
GRANT USAGE ON SCHEMA alerts TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT EXECUTE ON FUNCTION alerts.to_be_raised, alerts.to_be_told, alerts.purge,
    alerts.end_forgotten TO leadfly_worker;
GRANT EXECUTE ON FUNCTION alerts.changed_of TO leadfly_app;
GRANT SELECT ON leads.traits TO leadfly_app, leadfly_worker;

GRANT SELECT, INSERT, DELETE,
    UPDATE (name, channel, address, shown, secret, definition, is_active, inactive_because, failures,
            failing_since, held_until, version, changed_at, changed_by)
    ON alerts.receivers TO leadfly_app;
GRANT SELECT, UPDATE (is_active, inactive_because, failures, failing_since, held_until, last_told_at,
                      storm_told_at, changed_at, changed_by)
    ON alerts.receivers TO leadfly_worker;
GRANT SELECT, INSERT,
    UPDATE (rule_name, rule_type, definition, understood, events, is_active, version, changed_at,
            changed_by, deleted_at)
    ON alerts.rules TO leadfly_app;
GRANT SELECT, INSERT ON alerts.rule_versions TO leadfly_app;
GRANT SELECT ON alerts.rules TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (ends_at, comment) ON alerts.silences TO leadfly_app;
GRANT SELECT ON alerts.silences TO leadfly_worker;
GRANT SELECT, INSERT ON alerts.waiting TO leadfly_app;
-- Whoever may update a column locks the row; nobody changes a note.
GRANT SELECT, INSERT, DELETE, UPDATE (event_id) ON alerts.waiting TO leadfly_worker;
GRANT SELECT, INSERT ON alerts.seen, alerts.met TO leadfly_app, leadfly_worker;
GRANT UPDATE (request, alert_ids, suppressed_by) ON alerts.seen TO leadfly_app;
GRANT SELECT, INSERT,
    UPDATE (rule_version, event, priority, status, words, facts, times, last_at, read_at,
            acknowledged_at, acknowledged_by, assigned_to, snoozed_until, ended_at, escalate_at,
            escalated_at)
    ON alerts.alerts TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT, UPDATE (rule_id, opened_at, told_at, due_at)
    ON alerts.groups TO leadfly_app, leadfly_worker;
GRANT SELECT ON alerts.standings, alerts.decisions TO leadfly_app;
GRANT SELECT, INSERT, UPDATE (word, told_at) ON alerts.standings TO leadfly_worker;
GRANT SELECT, INSERT ON alerts.decisions TO leadfly_worker;
GRANT SELECT, INSERT, UPDATE (status, attempts, last_status, last_error, next_try_at, ended_at)
    ON alerts.notifications TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT ON alerts.notified TO leadfly_app, leadfly_worker;
GRANT SELECT, INSERT ON alerts.actions TO leadfly_app;
-- The owner of a receiver has what could not be delivered sent again.
GRANT SELECT (tenant_id, id, dead_at, arguments), UPDATE (due_at, tries, dead_at)
    ON public.jobs TO leadfly_app;

GRANT SELECT (tenant_id, id, name, channel, is_active, inactive_because, failures, failing_since,
              held_until, last_told_at, version, created_at, created_by, changed_at, changed_by)
    ON alerts.receivers TO leadfly_reader;
GRANT SELECT ON alerts.rules, alerts.rule_versions, alerts.silences, alerts.groups,
    alerts.standings, alerts.decisions, alerts.notifications, alerts.notified
    TO leadfly_reader;
GRANT SELECT (tenant_id, id, rule_id, rule_version, alert_type, event, event_id, lead_id, priority,
              status, facts, times, first_at, last_at, read_at, acknowledged_at, acknowledged_by,
              assigned_to, snoozed_until, ended_at, escalate_at, escalated_at)
    ON alerts.alerts TO leadfly_reader;
GRANT SELECT (tenant_id, id, alert_id, action, details, done_at, done_by)
    ON alerts.actions TO leadfly_reader;

-- A claim reads on from the longest due. Nothing is known of a claim's kinds and tenants when it is
-- planned, so the planner expects next to no job and sorts all that are due: 10,000 at every claim.
ALTER FUNCTION public.claim_jobs_among(integer, interval, timestamptz, text, text[], text[])
    SET enable_sort = off;
