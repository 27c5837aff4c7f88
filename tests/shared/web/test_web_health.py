import subprocess
import sys

import pytest

from shared.web import metrics


def test_alive_is_said_to_everyone_and_always(keys_client, client, database_stand_in):
    database_stand_in.state = (False, "The database cannot be reached.")

    for one in (keys_client, client):
        answer = one.get("/healthz", headers={"Host": "elsewhere.example"})
        assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_ready_is_a_200(client):
    assert client.get("/readyz").status_code == 200


def test_not_ready_is_a_503_with_its_reason(client, database_stand_in):
    database_stand_in.state = (False, "The database is not migrated.")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json["error"]["details"] == {"database": "The database is not migrated."}


def test_metrics_count_by_rule_and_never_by_path(client):
    client.get("/items/canary-path")
    client.get("/canary-nowhere")
    client.open("/items/1", method="CANARY")

    text = client.get("/metrics").text

    assert (
        'leadfly_requests_total{method="GET",route="/items/<item>",service="example",status="200"}'
        in text
    )
    assert 'route="unmatched"' in text
    assert 'method="other"' in text
    assert 'leadfly_request_seconds_bucket{le="0.1",route="/items/<item>"' in text
    assert "canary" not in text.lower()


@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "1.2.3.4"}, {"Host": "leadfly.example"}])
def test_metrics_want_a_key_from_whoever_is_not_this_machine(keys_client, issue, headers):
    allowed = {"X-API-Key": issue(scopes=["read:analytics"])}
    other = {"X-API-Key": issue(scopes=["read:leads"])}

    assert keys_client.get("/metrics", headers=headers).status_code == 401
    assert keys_client.get("/metrics", headers=headers | other).status_code == 403
    assert keys_client.get("/metrics", headers=headers | allowed).status_code == 200


def test_metrics_are_open_to_this_machine_in_both_modes(keys_client, client):
    assert keys_client.get("/metrics").status_code == 200
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"Host": "evil.example"}).status_code == 403


def test_a_metric_of_ours_has_our_name():
    with pytest.raises(ValueError, match="leadfly_"):
        metrics.counter("requests_total", "Requests.")


TWO_WORKERS = """
import os
from shared.web import metrics
made = metrics.counter("leadfly_example_total", "Examples.", ("kind",))
child = os.fork()
made.labels("one").inc(2 if child else 3)
if not child:
    os._exit(0)
os.waitpid(child, 0)
print(metrics.exposition().decode())
"""


def test_the_counts_of_all_workers_are_added_up(tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", TWO_WORKERS],
        env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )

    assert 'leadfly_example_total{kind="one"} 5.0' in said.stdout
