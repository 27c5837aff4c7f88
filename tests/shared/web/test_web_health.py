import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.spool import Entry, Spool, receipt
from shared.web import metrics
from shared.web.outage_metrics import SpoolGauges


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


LIVING_AND_DEAD = """
import os
from shared.web import metrics
made = metrics.counter("leadfly_example_total", "Examples.")
away = metrics.state("leadfly_away", "Away.")
child = os.fork()
away.set(bool(child == 0 or os.environ.get("PARENT_AWAY")))
made.inc()
if not child:
    os._exit(0)
os.waitpid(child, 0)
print(metrics.exposition().decode())
"""


@pytest.mark.parametrize(("parent_away", "shown"), [("", "0.0"), ("1", "1.0")])
def test_what_a_dead_process_saw_last_is_forgotten_and_what_it_counted_is_not(
    tmp_path, parent_away, shown
):
    said = subprocess.run(
        [sys.executable, "-c", LIVING_AND_DEAD],
        env={metrics.FOLDER_VARIABLE: str(tmp_path), "PYTHONPATH": ".", "PARENT_AWAY": parent_away},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "leadfly_example_total 2.0" in said.stdout
    assert f"leadfly_away {shown}\n" in said.stdout


def test_only_what_the_dead_counted_is_cleared_away(tmp_path):
    reaped = subprocess.Popen(["true"])
    reaped.wait()
    zombie = subprocess.Popen(["true"], stdout=subprocess.PIPE)
    zombie.stdout.read()
    time.sleep(0.1)
    for pid in (os.getpid(), 1, reaped.pid, zombie.pid):
        (tmp_path / f"counter_{pid}.db").touch()
    (tmp_path / "unrelated.txt").touch()

    metrics.clear(tmp_path)

    zombie.communicate()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"counter_{os.getpid()}.db", "counter_1.db", "unrelated.txt"}


def waiting(seconds):
    spooled_at = datetime.now(UTC) - timedelta(seconds=seconds)
    receipt_id = receipt("t", str(seconds))
    return Entry(receipt_id, "t", uuid4(), b"sealed", spooled_at)


def value(text, name):
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.rpartition(" ")[2])


def test_the_spool_is_read_when_the_metrics_are(make_app, tmp_path):
    app, spool = make_app(), Spool(tmp_path)
    app.extensions[metrics.AT_SCRAPE] = (SpoolGauges(spool),)
    client = app.test_client()
    assert value(client.get("/metrics").text, "leadfly_spool_waiting") == 0
    spool.put(waiting(60))
    dying = spool.put(waiting(30))
    while not spool.failed(dying.receipt_id, "Example", datetime.now(UTC)):
        pass

    text = client.get("/metrics").text
    spool.close()

    assert value(text, "leadfly_spool_waiting") == 1
    assert value(text, "leadfly_spool_dead") == 1
    assert 60 <= value(text, "leadfly_spool_oldest_seconds") < 70
    assert value(text, "leadfly_spool_bytes") > 0


def test_a_spool_that_cannot_be_read_hides_no_other_metric(make_app, tmp_path):
    (tmp_path / "in the way").touch()
    app = make_app()
    app.extensions[metrics.AT_SCRAPE] = (SpoolGauges(Spool(tmp_path / "in the way")),)

    answer = app.test_client().get("/metrics")

    assert answer.status_code == 200
    assert "leadfly_spool_waiting" not in answer.text and "leadfly_requests_total" in answer.text
