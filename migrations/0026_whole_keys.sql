-- Whose leads have matches is looked up by the leads' own keys, whatever PostgreSQL knows of a table
-- that has just grown: a walk through all matches of the account seemed as cheap, for every lead
-- (docs/decisions/0056).
CREATE OR REPLACE FUNCTION matching.note_unscored() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO matching.unscored (tenant_id, lead_id)
    SELECT changed.tenant_id, changed.lead_id FROM changed
    CROSS JOIN LATERAL (
        SELECT FROM matching.matches AS match
        WHERE match.tenant_id = changed.tenant_id
          AND match.lead_id BETWEEN changed.lead_id AND changed.lead_id
        ORDER BY match.lead_id LIMIT 1
    ) AS matched
    ORDER BY changed.tenant_id, changed.lead_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
