"""Two accounts that must never meet: what each owns, and the keys with which one may be tried."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from psycopg import sql

from services.alerts.unsubscribing import link
from services.dedup.model import STANDARD
from services.dedup.training import model_store
from shared import keys, signature
from shared.web.context import EXTENSION
from shared.web.service import GATE

CHECK = "/webhook/leadfly/duplicate-prevention"
DETECTION = "/webhook/leadfly/signal-detection"
ALERTS = "/webhook/leadfly/alerts"
SEEN = "/webhook/leadfly/seen"
API = "/api/v1/lead-discovery"

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
"""Not this machine, which `/metrics` trusts."""

PRIVATE = "private-7f3a"
"""Stands in all that an account owns, so that it is seen wherever it comes out."""


SITE = f"https://{PRIVATE}.example"
"""A web site with a lead form of the account."""


class Tenant:
    """An account that owns one of everything, made over HTTP with a key of its own."""

    def __init__(self, client, database):
        self.name = f"tenant-{uuid4().hex}"
        self.client, self._database, self._limited = client, database, {}
        self.key = self.new_key()
        self.owned = {}

    def new_key(self, scopes=keys.SCOPES, expires_at=None, revoked=False):
        with self._database.transaction(self.name) as conn:
            key, text = keys.create(conn, self.name, scopes, None, expires_at)
            if revoked:
                assert keys.revoke(conn, self.name, key.prefix)
        return text

    def limited_key(self, scopes):
        """Return a key that may do *scopes*, the same each time: an account has 1,000 at most."""
        if tuple(scopes) not in self._limited:
            self._limited[tuple(scopes)] = self.new_key(scopes)
        return self._limited[tuple(scopes)]

    def signer(self, scopes):
        """Return prefix and secret of a key that signs, the same each time."""
        if ("signing", *scopes) not in self._limited:
            self._limited[("signing", *scopes)] = self.issued("signing", scopes=list(scopes))
        return self._limited[("signing", *scopes)]

    def issued(self, kind, **wanted):
        """Return prefix and text of a new key of another kind."""
        made = self.ask("POST", f"{API}/keys", body={"kind": kind, **wanted})
        return made["key"]["prefix"], made["shown_once"]

    def token(self):
        """Return the text of a new token, of a source of its own."""
        source = {"source_id": f"source-{uuid4().hex}"}
        return self.ask("POST", f"{API}/sources", body=source)["token"]

    def ask(self, method, path, expect=(200, 201), **sent):
        """Call a route with this account's full key; return the answer's JSON."""
        answer = call(self.client, method, path, {"X-API-Key": self.key}, **sent)
        assert answer.status_code in expect, answer.text
        return answer.json

    def own_everything(self):
        """Own one of each thing that has an address."""
        for place, make in MAKERS.items():
            self.owned[place] = make(self)
        return self


def call(client, method, path, headers, body=None, query=None):
    """Send one request from somewhere else."""
    sent = {} if body is None else {"json": body}
    return client.open(
        path,
        method=method,
        headers=headers,
        query_string=query,
        environ_base=ELSEWHERE,
        **sent,
    )


def signed(tenant, body, scopes=("read:leads", "write:leads"), at=None):
    """Return the headers with which a sender signs *body*, and no key."""
    prefix, secret = tenant.signer(scopes)
    message_id, at = f"msg_{uuid4().hex}", at or now()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature.sign(secret, message_id, at, body),
        "webhook-key": prefix,
    }


def wrong_keys(ours, theirs):
    """Yield what a caller may show who is nobody here, by name; all of it is a 401."""
    good, other = ours.key, ours.limited_key(keys.SCOPES)
    yield "no key", {}
    yield "an empty key", {"X-API-Key": ""}
    yield "an empty bearer", {"Authorization": "Bearer "}
    yield "a malformed key", {"X-API-Key": "lf_short"}
    yield "letters beyond ASCII", {"X-API-Key": "lf_\u00e9\u00e9"}
    yield "a key with a space", {"X-API-Key": f"{good} x"}
    yield "a key with a line's end", {"X-API-Key": f"{good}\t"}
    yield "an unknown key", {"X-API-Key": keys.new_key()[0]}
    yield "an unknown token", {"X-API-Key": keys.new_key("intake")[0]}
    yield "a token's prefix", {"X-API-Key": f"{ours.token()[:-43]}{good[-43:]}"}
    yield "an unknown secret", {"X-API-Key": good[:-43] + keys.new_key()[0][-43:]}
    yield "the prefix of another key", {"X-API-Key": other[:-43] + good[-43:]}
    yield "another scheme", {"Authorization": f"Basic {good}"}
    yield "an expired key", {"X-API-Key": ours.new_key(expires_at=now() - timedelta(seconds=1))}
    yield "a revoked key", {"X-API-Key": ours.new_key(revoked=True)}
    yield "two keys of one account", {"X-API-Key": good, "Authorization": f"Bearer {other}"}
    yield "keys of two accounts", {"X-API-Key": good, "Authorization": f"Bearer {theirs.key}"}
    yield "a key in a cookie", {"Cookie": f"X-API-Key={good}"}
    yield "a signer without a signature", {"webhook-key": ours.owned["prefix"]}
    yield "an old signature", signed(ours, b"", at=now() - timedelta(seconds=301))
    yield "a signature over another body", signed(ours, b"{} ")
    yield "a signature beside another account's key", signed(ours, b"") | {"X-API-Key": theirs.key}
    yield "one header twice", [("X-API-Key", good), ("X-API-Key", theirs.key)]


def now():
    return datetime.now(UTC)


def rows(owner, *tenants):
    """Return a digest of all that *tenants* own, by table, as the owner of the tables sees it."""
    names = [tenant.name for tenant in tenants]
    found = {}
    for schema, table in tenant_tables(owner):
        statement = sql.SQL(
            "SELECT count(*), md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) "
            "FROM {} AS r WHERE tenant_id = ANY (%s)"
        )
        found[f"{schema}.{table}"] = owner.execute(
            statement.format(sql.Identifier(schema, table)), [names]
        ).fetchone()
    return found


def tenant_tables(owner):
    return owner.execute(
        """
        SELECT n.nspname, c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%'
        ORDER BY 1, 2
        """
    ).fetchall()


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")


def without_chance(answer, *names):
    """Return status and body of *answer* without what differs every time, and without *names*."""
    text = MOMENT.sub("TIME", answer.text).replace(answer.headers["X-Request-ID"], "REQUEST")
    for name in names:
        text = text.replace(name, "NAME")
    return answer.status_code, text


def unknown(name):
    """Return what looks like *name* and names nothing."""
    try:
        UUID(name)
    except ValueError:
        return "".join("x" if c.isalnum() else c for c in name)
    return str(uuid4())


def submitted(tenant, **fields):
    body = {"user_id": tenant.name, "source_id": f"{PRIVATE}-source", "lead_data": fields}
    return tenant.ask("POST", CHECK, body=body)


def made_decision(tenant):
    return submitted(tenant, email=f"{PRIVATE}@corp.example", name="Ada Lovelace")["decision_id"]


def made_review(tenant):
    """A lead that is flagged by its risk, whatever the model makes of names (contract, L7)."""
    risky = {"email": f"{PRIVATE}@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"}
    review_id = submitted(tenant, **risky)["review_id"]
    assert review_id
    return review_id


def made_source(tenant):
    """A source, and a policy for it."""
    source_id = f"{PRIVATE}-{tenant.name[-8:]}"
    settings = {"policy": {"flag": 0.61, "block": 0.83}, "field_map": {PRIVATE: "company"}}
    tenant.ask("POST", f"{API}/sources", body={"source_id": source_id, **settings})
    return source_id


def made_lead(tenant):
    return submitted(tenant, email=f"{PRIVATE}-2@corp.example", name="Grace Hopper")["lead_id"]


def made_key(tenant):
    wanted = {"scopes": ["read:leads"], "name": PRIVATE}
    return tenant.ask("POST", f"{API}/keys", body=wanted)["key"]["prefix"]


def made_webhook(tenant):
    wanted = {"url": f"https://{PRIVATE}.example.com/hook", "events": ["lead.created"]}
    return tenant.ask("POST", f"{API}/webhooks", body=wanted)["webhook"]["id"]


def made_investigation(tenant):
    wanted = {"name": PRIVATE, "description": PRIVATE}
    return tenant.ask("POST", f"{API}/investigations", body=wanted)["investigation"]["id"]


def made_bulk(tenant):
    """An action on a lead of the account."""
    order = {"lead_ids": [made_lead(tenant)], "change": {"assigned_to": PRIVATE}}
    return tenant.ask("POST", f"{API}/leads/bulk", body=order)["bulk"]["id"]


def made_signal(tenant):
    """A lead's signal, of what it did; returns the answer of its detection."""
    body = {"email": f"{PRIVATE}-3@corp.example", "name": "Joan Clarke"}
    agreed = {"purposes": ["lead_processing", "behavioural_tracking"]}
    sent = {"user_id": tenant.name, "source_id": PRIVATE, "lead_data": body, "consent": agreed}
    lead_id = tenant.ask("POST", CHECK, body=sent)["lead_id"]
    done = [{"type": "form_submit", "url": f"https://{PRIVATE}.example/loans/apply"}]
    wanted = {"lead_id": lead_id, "metadata": {"behavior": done}}
    return tenant.ask("POST", DETECTION, body=wanted)


def made_service(tenant):
    """A service of the account's catalogue."""
    wanted = {"service_name": PRIVATE, "service_type": "loan", "description": PRIVATE}
    return tenant.ask("POST", f"{API}/services", body=wanted)["service"]["id"]


def made_match(tenant):
    """A lead of the account, matched with a service of its."""
    made_service(tenant)
    matched = tenant.ask("POST", f"{API}/leads/{made_lead(tenant)}/match")
    match_id = matched["matches"][0]["match_id"]
    said = {"status": "contacted", "notes": PRIVATE}
    tenant.ask("PUT", f"{API}/matches/{match_id}/status", body=said)
    return match_id


def made_export(tenant):
    """A file of leads that the account took."""
    headers = {"X-API-Key": tenant.key}
    answer = call(tenant.client, "GET", f"{API}/leads/export.csv", headers)
    assert answer.status_code == 200, answer.text
    return answer.headers["X-Export-ID"]


def made_rematch(tenant):
    return tenant.ask("POST", f"{API}/matches/rematch", expect=(202,), body={})["rematch"]["id"]


def made_scan(tenant):
    return tenant.ask("POST", f"{API}/scans", expect=(202,), body={})["scan"]["id"]


def made_receiver(tenant):
    """Somebody who hears of alerts."""
    wanted = {"name": f"{PRIVATE} {uuid4().hex}", "channel": "webhook"}
    wanted["url"] = f"https://{PRIVATE}.example.com/alerts"
    return tenant.ask("POST", f"{API}/alerts/receivers", body=wanted)["receiver"]["id"]


def made_rule(tenant):
    """A rule of alerts."""
    said = {"rule_name": PRIVATE, "rule_type": "new_lead", "conditions": {"source_id": PRIVATE}}
    return tenant.ask("POST", f"{API}/alerts/rules", body=said)["rule"]["id"]


def made_silence(tenant):
    """Something that the account does not want to hear of."""
    said = {"matchers": {"source_id": PRIVATE}, "minutes": 60, "comment": PRIVATE}
    return tenant.ask("POST", f"{API}/alerts/silences", body=said)["silence"]["id"]


def made_alert(tenant):
    """An alert that somebody has dealt with."""
    said = {"event": "alert", "data": {"title": PRIVATE, "message": PRIVATE}}
    (alert_id,) = tenant.ask("POST", ALERTS, body=said)["alert_ids"]
    body = {"assigned_to": PRIVATE, "note": PRIVATE}
    tenant.ask("PUT", f"{API}/alerts/{alert_id}/assign", body=body)
    return alert_id


def made_hold(tenant):
    """A lead whose identity is held."""
    lead = {"email": f"{PRIVATE}-{uuid4().hex}@corp.example", "name": "Mary Somerville"}
    context = {"hold_seconds": 600, "buyer_id": PRIVATE}
    sent = {"user_id": tenant.name, "source_id": PRIVATE, "lead_data": lead, "context": context}
    return tenant.ask("POST", CHECK, body=sent)["trade"]["hold"]["hold_id"]


def made_link(tenant):
    """The link by which whoever reads a receiver's mail ends it."""
    receiver_id, gate = UUID(made_receiver(tenant)), tenant.client.application.extensions[GATE]
    return link(gate, "", tenant.name, receiver_id, "ops@example.com").rpartition("/")[2]


def made_scope(tenant):
    """A scope of keys that were seen, with one in it."""
    said = {"scope": f"{PRIVATE} {uuid4().hex}", "key": PRIVATE}
    tenant.ask("POST", SEEN, body=said)
    found = tenant.ask("GET", f"{API}/seen/scopes", query={"scope": said["scope"]})
    return found["scopes"][0]["id"]


def made_feedback(tenant):
    """What was said of the account's own lead, which it is from now on."""
    fields = {"email": f"{PRIVATE}-{uuid4().hex}@corp.example", "name": "Sophie Germain"}
    tenant.owned["lead_id"] = submitted(tenant, **fields)["lead_id"]
    said = {"type": "conversion", "note": PRIVATE, "buyer_id": PRIVATE}
    path = f"{API}/leads/{tenant.owned['lead_id']}/feedback"
    return tenant.ask("POST", path, body=said)["feedback"]["id"]


def made_list(tenant):
    """A list of those who are to be left alone, with somebody on it."""
    said = {"name": f"{PRIVATE} {uuid4().hex}", "kind": "litigator", "sources": [PRIVATE]}
    list_id = tenant.ask("POST", f"{API}/suppression/lists", body=said)["list"]["id"]
    body = {"entries": [{"email": f"{PRIVATE}-listed@corp.example"}]}
    tenant.ask("POST", f"{API}/suppression/lists/{list_id}/entries", body=body)
    return list_id


def made_import(tenant):
    """A file of leads that the account sent, which nobody confirmed."""
    answer = tenant.client.post(
        f"{API}/imports?name={PRIVATE}",
        data=f"Email,Company\n{PRIVATE}@corp.example,{PRIVATE}\n",
        content_type="text/csv",
        headers={"X-API-Key": tenant.key},
        environ_base=ELSEWHERE,
    )
    assert answer.status_code == 201, answer.text
    return answer.json["import"]["id"]


def made_discovery(tenant):
    """A discovery among the account's own leads."""
    wanted = {"investigation_id": made_investigation(tenant), "keywords": [PRIVATE]}
    wanted["sources"] = ["own_leads"]
    return tenant.ask("POST", f"{API}/discover", expect=(200, 202), body=wanted)["job"]["id"]


def made_discovery_source(tenant):
    """A source of leads that the account has set up."""
    wanted = {"name": f"{PRIVATE} {uuid4().hex}", "type": "own_leads"}
    return tenant.ask("POST", f"{API}/discovery-sources", body=wanted)["source"]["id"]


def made_model(tenant):
    """A model of the account's own, under a name that no other account's has."""
    version = f"{PRIVATE}-{tenant.name[-8:]}"
    made = model_store.Made(
        version, now(), PRIVATE, "file", PRIVATE, {}, None, STANDARD.prior, STANDARD.weights
    )
    with tenant.client.application.extensions[EXTENSION].database.transaction(tenant.name) as conn:
        model_store.save(conn, tenant.name, made)
    return version


MAKERS = {
    "job_id": made_discovery,
    "discovery_source_id": made_discovery_source,
    "alert_id": made_alert,
    "receiver_id": made_receiver,
    "rule_id": made_rule,
    "silence_id": made_silence,
    "bulk_id": made_bulk,
    "hold_id": made_hold,
    "import_id": made_import,
    "export_id": made_export,
    "decision_id": made_decision,
    "detection_id": lambda tenant: made_signal(tenant)["detection_id"],
    "signal_id": lambda tenant: made_signal(tenant)["signals"][0]["id"],
    "investigation_id": made_investigation,
    "lead_id": made_lead,
    "list_id": made_list,
    "feedback_id": made_feedback,
    "match_id": made_match,
    "model_version": made_model,
    "prefix": made_key,
    "webhook_id": made_webhook,
    "rematch_id": made_rematch,
    "review_id": made_review,
    "scan_id": made_scan,
    "scope_id": made_scope,
    "service_id": made_service,
    "source_id": made_source,
    "token": Tenant.token,
    "unsubscribe_token": made_link,
    "name": lambda tenant: "rows.js",
}
"""How an account comes to own what a placeholder of an address names; returns its name."""

NAMES = {"source_id"}
"""Placeholders that callers fill as they like: one account's name means nothing to another's, so
a name in use elsewhere is answered as one in use nowhere."""
