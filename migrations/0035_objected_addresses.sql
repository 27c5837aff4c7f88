-- Who unsubscribed or complained of our mails has objected, lead or none: kept by the address, so that
-- whoever comes with it later has objected, too.
--
-- See docs/decisions/0071.

-- A row hangs on no lead: what keeps somebody from being written to outlives what is known of them
-- (GDPR Art. 21(3)). It says that mails to this address are not wanted, and nothing else.
CREATE TABLE signals.objected_addresses (
    tenant_id text NOT NULL,
    key bigint NOT NULL, -- the pseudonym of the address: the blocking key of leads that give it
    objection_key bigint NOT NULL, -- a pseudonym of what makes this one the same when it comes again
    behavior_type text NOT NULL CHECK (behavior_type IN ('email_unsubscribe', 'email_complaint')),
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key, objection_key)
);
ALTER TABLE signals.objected_addresses ENABLE ROW LEVEL SECURITY;
ALTER TABLE signals.objected_addresses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signals.objected_addresses
    USING (tenant_id = current_setting('leadfly.tenant_id', true));

-- What the duplicate check publishes of its blocking keys by lead (by key: dedup.lead_keys).
CREATE VIEW dedup.record_keys WITH (security_invoker = true) AS
    SELECT record.tenant_id, record.lead_id, key AS blocking_key
    FROM dedup.records AS record
    CROSS JOIN unnest(record.blocking_keys) AS key;

-- Published: which addresses objected, for whoever is about to make a lead of one.
CREATE VIEW signals.objected WITH (security_invoker = true) AS
    SELECT tenant_id, key, behavior_type, occurred_at, recorded_at FROM signals.objected_addresses;

-- Published: which leads objected to being written to, by themselves or by an address of theirs. From a
-- lead to its addresses and never the other way, whatever the statistics say.
CREATE OR REPLACE VIEW signals.objections WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, behavior_type, occurred_at, recorded_at
    FROM signals.behaviours WHERE behavior_type IN ('email_unsubscribe', 'email_complaint')
    UNION ALL
    SELECT own.tenant_id, own.lead_id, objection.behavior_type, objection.occurred_at,
           objection.recorded_at
    FROM dedup.record_keys AS own
    CROSS JOIN LATERAL (
        SELECT said.behavior_type, said.occurred_at, said.recorded_at
        FROM signals.objected_addresses AS said
        WHERE said.tenant_id = own.tenant_id
          AND said.key BETWEEN own.blocking_key AND own.blocking_key
        OFFSET 0
    ) AS objection;

GRANT SELECT, INSERT ON signals.objected_addresses TO leadfly_app;
GRANT SELECT ON signals.objected_addresses TO leadfly_worker;
GRANT SELECT ON dedup.record_keys, signals.objected TO leadfly_app, leadfly_worker;
GRANT SELECT ON dedup.lead_keys TO leadfly_worker;
GRANT SELECT (tenant_id, behavior_type, occurred_at, recorded_at)
    ON signals.objected_addresses TO leadfly_reader;
