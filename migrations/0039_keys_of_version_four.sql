-- Version 4 of blocking keys: the end of a number and an employer's domain stand beside how the
-- names begin, a long mailbox stands alone. What is of version 3 or before is outdated.
--
-- See docs/decisions/0072.

DROP INDEX dedup.records_outdated;
CREATE INDEX records_outdated ON dedup.records (tenant_id, keys_version, lead_id)
    WHERE keys_version IN (-3, -2, -1, 1, 2, 3);
CREATE OR REPLACE VIEW dedup.outdated_records WITH (security_invoker = true) AS
    SELECT tenant_id, lead_id, compared, blocking_keys, keys_version, kept_keys
    FROM dedup.records WHERE keys_version IN (-3, -2, -1, 1, 2, 3);
