-- What people did on sites and with mails, as far as they agreed to tell us; and that they objected,
-- which needs no agreement. See docs/decisions/0039.

CREATE SCHEMA IF NOT EXISTS signals;

CREATE TABLE signals.behaviours (
    tenant_id text NOT NULL,
    lead_id uuid NOT NULL,
    -- 64 bits of a keyed HMAC of the sender's name for the event, or else of the event: a retry
    -- stores nothing twice.
    event_key bigint NOT NULL,
    behavior_type text NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    expires_at timestamptz, -- null of an objection: it holds as long as its lead is kept
    details bytea, -- sealed: page, search, title, name; null of an objection
    PRIMARY KEY (tenant_id, lead_id, event_key),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
-- Rows arrive almost in the order of their expiry, so a block range index costs next to nothing.
CREATE INDEX behaviours_expiry ON signals.behaviours USING brin (expires_at);

ALTER TABLE signals.behaviours ENABLE ROW LEVEL SECURITY;
ALTER TABLE signals.behaviours FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signals.behaviours
    USING (tenant_id = current_setting('leadfly.tenant_id', true));
-- Only the purge, which names no tenant, deletes what is not its tenant's.
CREATE POLICY expired ON signals.behaviours FOR DELETE TO leadfly_worker
    USING (expires_at < now() AND coalesce(current_setting('leadfly.tenant_id', true), '') = '');

-- Published: what a lead did that is still kept; `sealed_for` is what the gate opens `details` for.
CREATE VIEW signals.behaviours_kept WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, event_key, behavior_type, occurred_at, details,
           'signals/behaviours/' || lead_id || '/' || event_key AS sealed_for
    FROM signals.behaviours
    WHERE expires_at IS NULL OR expires_at > now();

-- Published: who objected to being written to, for whoever is about to.
CREATE VIEW signals.objections WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, behavior_type, occurred_at, recorded_at
    FROM signals.behaviours WHERE behavior_type IN ('email_unsubscribe', 'email_complaint');

-- What the duplicate check publishes of its blocking keys: which leads gave an address or a number,
-- by its pseudonym (`email` or `phone` and the canonical value).
CREATE VIEW dedup.lead_keys WITH (security_invoker = true) AS
    SELECT tenant_id, blocking_key, lead_id FROM dedup.blocking_keys;

GRANT USAGE ON SCHEMA signals TO leadfly_app, leadfly_worker, leadfly_reader;
GRANT SELECT, INSERT ON signals.behaviours TO leadfly_app;
GRANT DELETE ON signals.behaviours TO leadfly_worker;
GRANT SELECT ON signals.behaviours_kept, signals.objections, dedup.lead_keys TO leadfly_app;
GRANT SELECT (tenant_id, lead_id, behavior_type, occurred_at, recorded_at, expires_at)
    ON signals.behaviours TO leadfly_reader;
