-- The first answer to a request that carried an idempotency key, for its retries.

CREATE TABLE public.idempotent_answers (
    tenant_id text NOT NULL,
    -- 64 bits of a keyed HMAC: callers put mail addresses into their keys.
    idempotency_key bigint NOT NULL,
    request bigint NOT NULL,
    answer bytea NOT NULL,
    lead_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, idempotency_key),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES public.leads ON DELETE CASCADE
);
CREATE INDEX idempotent_answers_lead ON public.idempotent_answers (tenant_id, lead_id);
CREATE INDEX idempotent_answers_expiry ON public.idempotent_answers USING brin (expires_at);

ALTER TABLE public.idempotent_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotent_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.idempotent_answers
    USING (tenant_id = current_setting('leadfly.tenant_id', true));
CREATE POLICY expired ON public.idempotent_answers FOR DELETE USING (expires_at < now());

GRANT SELECT, INSERT, UPDATE, DELETE ON public.idempotent_answers TO leadfly_app;
