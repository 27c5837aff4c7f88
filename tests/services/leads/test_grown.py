"""Every read route, asked about an account that has just grown (docs/decisions/0056)."""

from dataclasses import replace
from time import monotonic
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

import leadfly.app
from leadfly.migrate import migrate
from shared.db import ROLE
from shared.web.service import KEY_SNAPSHOT
from tests.security.described import ROUTES
from tests.security.tenants import API, Tenant, call
from tests.services.leads import grown

COPIES = 2500
"""Of each of the seven leads that an account of `Tenant` owns."""

SECONDS = 3.0
"""Half a second is the longest that one takes on a busy machine; a plan that walks through the
account for every lead takes four and more."""

EXPORT = "/leads/export.csv"

READS = [route for route in ROUTES if route.method == "GET" and route.guarded]


@pytest.fixture(scope="module")
def database_name(server):
    """A database whose statistics may be spoilt."""
    name = f"grown_{uuid4().hex}"
    with psycopg.connect(server.conninfo("leadfly"), autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        migrate(server.conninfo("leadfly", name))
        yield name
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def serving(server, local_settings, database_name, tmp_path_factory):
    """Make a client of the services on that database, with options of PostgreSQL's.

    The one before it is closed: together they would have more connections than there are.
    """
    apps, ledger = [], tmp_path_factory.mktemp("erasures")

    def serving(options=""):
        close()
        url = f"{server.conninfo(ROLE, database_name)} options='{options}'"
        settings = replace(
            local_settings, auth_mode="keys", database_url=url, erasure_ledger=ledger
        )
        apps.append(leadfly.app.create_app(settings))
        return apps[-1].test_client()

    def close():
        while apps:
            app = apps.pop()
            app.extensions[KEY_SNAPSHOT].stop()
            app.extensions["leadfly"].database.close()

    yield serving
    close()


@pytest.fixture(scope="module")
def account(server, database_name, serving):
    """An account that owned one of everything when the tables were last analysed."""
    client = serving()
    tenant = Tenant(client, client.application.extensions["leadfly"].database).own_everything()
    with psycopg.connect(server.conninfo("leadfly", database_name), autocommit=True) as owner:
        grown.freeze(owner)
        tenant.ask("GET", f"{API}/leads")
        grown.grow(owner, tenant.name, COPIES)
    return tenant


@pytest.mark.parametrize("plans", ["force_custom_plan", "force_generic_plan"])
def test_no_read_route_walks_through_an_account_that_has_just_grown(account, serving, plans):
    client = serving(f"-c plan_cache_mode={plans}")

    slow = {}
    for route in READS:
        path = route.address(**{place: account.owned[place] for place in route.places})
        begun = monotonic()
        answer = call(client, "GET", path, {"X-API-Key": account.key})
        seconds = monotonic() - begun
        if answer.status_code >= 500 or (seconds > SECONDS and not path.endswith(EXPORT)):
            slow[str(route)] = (answer.status_code, round(seconds, 1))

    assert slow == {}


def test_an_export_hands_out_all_of_an_account_that_has_just_grown(account, serving):
    rows = call(serving(), "GET", f"{API}{EXPORT}", {"X-API-Key": account.key}).text

    assert rows.count("\n") > COPIES


def test_many_leads_are_changed_and_put_back_in_an_account_that_has_just_grown(account, serving):
    account.client = serving()
    order = {"filter": {}, "change": {"assigned_to": "sam"}, "limit": 5000}

    done = account.ask("POST", f"{API}/leads/bulk", body=order)["bulk"]
    undone = account.ask("POST", f"{API}/bulk/{done['id']}/undo")

    assert done["leads"] == 5000
    assert undone["bulk"]["put_back"] == 5000
