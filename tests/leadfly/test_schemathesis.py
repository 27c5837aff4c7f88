"""Thousands of made-up requests: what the API description says is what happens, and no 5xx.

Schemathesis derives requests from /openapi.json, valid and faulty ones, and holds every answer
against it: status, headers, content type, schema. Its own pytest plugin does not know pytest 9.2,
so its engine runs here directly, as its command line does. The seed is fixed.
"""

from itertools import count

import pytest
import schemathesis
from schemathesis.engine import Status, events, from_schema

from shared import keys
from shared.idempotency import LONGEST_KEY

# Hypothesis thinks that printing a long request is slow; nobody prints it.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")

PATH = "/webhook/leadfly/duplicate-prevention"

SIGNALS = "/webhook/leadfly/signal-detection"

MATCHMAKING = "/webhook/leadfly/matchmaking"

SOURCES = "/api/v1/lead-discovery/sources"

LEADS = "/api/v1/lead-discovery/leads"

ERASURES = "/api/v1/lead-discovery/privacy/erasures"

SERVICES = "/api/v1/lead-discovery/services"

ALERTS = "/api/v1/lead-discovery/alerts"

POSTS = "/webhook/leadfly/alerts"

SEEN = "/webhook/leadfly/seen"

LISTS = "/api/v1/lead-discovery/suppression/lists"

DISCOVER = "/api/v1/lead-discovery/discover"

OWN_SOURCES = "/api/v1/lead-discovery/discovery-sources"

IMPORTS = "/api/v1/lead-discovery/imports"

CONFLICTS = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 401, 403, 404, 409, 422]}
}

KEY = "HTTP_IDEMPOTENCY_KEY"

CONFIG = {
    "seed": 20261121,
    "generation": {"deterministic": True, "max-examples": 10, "database": "none"},
    # Most made-up texts are no address: with these, more requests come as far as a verdict.
    "dictionaries": {"emails": {"values": ["ada@example.org", "grace@example.org", "x@gmial.com"]}},
    "parameters": {
        f"body.{path}email": {"dictionary": "emails", "probability": 0.7}
        for path in ("", "lead_data.", "leads[*].", "leads[*].lead_data.")
    },
    "phases": {"stateful": {"enabled": False}},
    "checks": {
        # A text is right by its schema and may still be no address: then a 400 is right. With
        # keys, a made-up user_id is another tenant's. A made-up id names nothing: 404.
        "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 401, 403, 404, 422]},
        # It cannot repeat a request in one process; test_openapi.py tries every route keyless.
        "ignored_auth": {"enabled": False},
    },
    "operations": [
        {
            # A batch answers 200 whatever its items are: their faults stand in the results.
            "include-path": f"{PATH}/batch",
            "checks": {"negative_data_rejection": {"enabled": False}},
        },
        {
            # As above.
            "include-path": f"{SIGNALS}/batch",
            "checks": {"negative_data_rejection": {"enabled": False}},
        },
        {
            # As above.
            "include-path": f"{MATCHMAKING}/batch",
            "checks": {"negative_data_rejection": {"enabled": False}},
        },
        {
            # As above.
            "include-path": f"{POSTS}/batch",
            "checks": {"negative_data_rejection": {"enabled": False}},
        },
        *(
            # As above.
            {
                "include-path": f"{SEEN}{act}/batch",
                "checks": {"negative_data_rejection": {"enabled": False}},
            }
            for act in ("", "/confirm", "/release")
        ),
        *(
            # A made-up claim holds nothing; a made-up name may have been given to a list before.
            {"include-path": path, "checks": CONFLICTS}
            for path in (f"{SEEN}/confirm", LISTS, f"{LISTS}/{{list_id}}")
        ),
        {
            # As above.
            "include-path": "/webhook/leadfly/lead-discovery/batch",
            "checks": {"negative_data_rejection": {"enabled": False}},
        },
        *(
            # A made-up name may have been given before; ten files may wait already.
            {"include-path": path, "checks": CONFLICTS}
            for path in (OWN_SOURCES, f"{OWN_SOURCES}/{{discovery_source_id}}", IMPORTS)
        ),
        *(
            {
                # Other methods are taken for an alert or a rule of that id, which is none: a 400.
                "include-path": f"{ALERTS}/{name}",
                "checks": {
                    "unsupported_method": {"enabled": False},
                    "allow_header_conformance": {"enabled": False},
                },
            }
            for name in ("read", "dismiss", "rules/dry-run", "changes", "facts", "summary")
        ),
        *(
            # A made-up name may have been given to a receiver before, a key to another event.
            {"include-path": f"{ALERTS}/{name}", "checks": CONFLICTS}
            for name in ("receivers", "receivers/{receiver_id}")
        ),
        *(
            {
                # From the services' port whoever would stream is sent to the stream's.
                "include-path": path,
                "checks": {
                    "positive_data_acceptance": {
                        "expected-statuses": ["2xx", 307, 400, 401, 403, 404]
                    },
                    "negative_data_rejection": {"enabled": False},
                    "unsupported_method": {"enabled": False},
                    "allow_header_conformance": {"enabled": False},
                },
            }
            for path in (f"{ALERTS}/stream", f"{DISCOVER}/{{job_id}}/events")
        ),
        *(
            # What a file is follows from its name.
            {"include-path": path, "checks": {"content_type_conformance": {"enabled": False}}}
            for path in ("/lead-discovery/alerts/{name}", "/lead-discovery/imports/{name}")
        ),
        *(
            # A body that says nothing may be left out; other methods are as above.
            {
                "include-path": path,
                "checks": {
                    **CONFLICTS,  # another job may be running
                    "negative_data_rejection": {"enabled": False},
                    "unsupported_method": {"enabled": False},
                    "allow_header_conformance": {"enabled": False},
                },
            }
            for path in (
                f"{ALERTS}/stream-tickets",
                "/api/v1/lead-discovery/matches/rematch",
                "/api/v1/lead-discovery/scans",
            )
        ),
        {
            # A made-up name may have been given to a source before.
            "include-path": SOURCES,
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", 400, 401, 403, 404, 409, 422]
                }
            },
        },
        {
            # A source may be called `try`, too: what is not POSTed there is about that one.
            "include-path": f"{SOURCES}/try",
            "checks": {
                "unsupported_method": {"enabled": False},
                "allow_header_conformance": {"enabled": False},
            },
        },
        {
            # Other methods are taken for a source of that id, which is none: a 400.
            "include-path": f"{OWN_SOURCES}/types",
            "checks": {
                "unsupported_method": {"enabled": False},
                "allow_header_conformance": {"enabled": False},
            },
        },
        {
            # Other methods are taken for a lead of that id, which is none: a 400.
            "include-path": f"{LEADS}/bulk",
            "checks": {
                "unsupported_method": {"enabled": False},
                "allow_header_conformance": {"enabled": False},
            },
        },
        {
            # Other methods are taken for a lead of that id, which is none: a 400.
            "include-path": f"{LEADS}/export.csv",
            "checks": {
                "unsupported_method": {"enabled": False},
                "allow_header_conformance": {"enabled": False},
            },
        },
        {
            # Another request may have changed it, and of an inactive one no leads are shown.
            "include-path": f"{SERVICES}/{{service_id}}",
            "checks": CONFLICTS,
        },
        {"include-path": f"{SERVICES}/{{service_id}}/leads", "checks": CONFLICTS},
        # Several people may have given that address: each is erased by a lead of theirs.
        {"include-path": ERASURES, "checks": CONFLICTS},
        *(
            {
                # Other methods are taken for a service of that id, which is none: a 400.
                "include-path": f"{SERVICES}/{name}",
                "checks": {
                    "unsupported_method": {"enabled": False},
                    "allow_header_conformance": {"enabled": False},
                    # More than 10,000 services are more than a body may have: a 413; more
                    # than an account may have, with those of other examples: a 409.
                    "positive_data_acceptance": {
                        "expected-statuses": ["2xx", 400, 401, 403, 404, 409, 413, 422]
                    },
                    "negative_data_rejection": {
                        "expected-statuses": [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]
                    },
                },
            }
            for name in ("export", "import")
        ),
    ],
}


def called_from(peer, app):
    """Return *app* as *peer* calls it; Schemathesis' own client names no peer."""

    counter = count()

    def called(environ, start_response):
        environ["REMOTE_ADDR"] = peer
        # Nearly every made-up request has the same key, and would be refused for that alone.
        sent, number = environ.get(KEY, ""), str(next(counter))
        if len(sent) <= LONGEST_KEY:
            environ[KEY] = sent[: -len(number)] + number
        return app(environ, start_response)

    return called


def run(app, peer="127.0.0.1", **config):
    """Return how many requests were made, and every difference that was found."""
    schema = schemathesis.openapi.from_wsgi(
        "/openapi.json",
        called_from(peer, app),
        config=schemathesis.Config.from_dict(CONFIG | config),
    )
    requests, found = 0, []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.interactions)
            found += differences(event.recorder)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.append(repr(getattr(event, "value", None) or event.exception))
        elif isinstance(event, events.EngineFinished) and event.stop_reason != "completed":
            found.append(f"stopped early: {event.stop_reason}")
    return requests, found


def differences(recorder):
    """Yield what a failed check says, and the request that showed it."""
    for checks in recorder.checks.values():
        for check in checks:
            if check.status == Status.FAILURE:
                failure = check.failure_info.failure
                yield f"{failure.title}: {failure.message}\n{check.failure_info.code_sample}"


def test_every_answer_is_as_described(app):
    requests, found = run(app)

    assert found == []
    assert requests > 1000


def test_with_keys_every_answer_is_as_described(keys_client, database):
    with database.transaction("fuzzed") as conn:
        _, key = keys.create(conn, "fuzzed", ["write:leads", "read:analytics"])

    requests, found = run(
        keys_client.application,
        peer="203.0.113.9",
        auth={"openapi": {"ApiKey": {"api_key": key}}},
        phases=CONFIG["phases"] | {"coverage": {"enabled": False}},
    )

    assert found == []
    assert requests > 100
