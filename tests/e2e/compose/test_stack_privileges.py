"""What a container of the stack may do, and what it knows."""

import json
import shutil

import pytest

from tests.e2e.compose import images
from tests.e2e.compose.stack import Stack

SERVICES = ("postgres", "web", "stream", "worker", "n8n", "proxy")

MOST_BYTES = 250 * 10**6


@pytest.fixture(params=SERVICES)
def container(request, stack):
    return stack.containers(request.param)[0]


def test_our_image_is_small(engine, override):
    found = images.size(engine)

    assert found < MOST_BYTES, f"{found / 1e6:.0f} MB"


def test_our_image_has_few_tools(stack):
    tools = ("apt-get", "dpkg", "perl", "bash", "su", "mount", "pip", "curl", "wget", "nc")
    looked = "; ".join(f"command -v {tool}" for tool in tools)

    assert stack.execute("web", "sh", "-c", f"{looked}; true") == ""


def test_a_container_runs_as_nobody_special_and_cannot_become_more(stack, container):
    said = stack.engine.docker("exec", container, "cat", "/proc/1/status")
    status = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)

    assert "0" not in status["Uid"].split() + status["Gid"].split()
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"


@pytest.mark.parametrize("folder", ["/", "/etc", "/usr", "/app", "/home"])
def test_a_container_writes_nowhere_on_its_disk(stack, container, folder):
    # The root user is no way around it: this asks the disk, not its permissions.
    tried = f"mkdir -p {folder}/planted && echo done"

    said = stack.engine.docker("exec", "--user=0", container, "sh", "-c", tried, fails=True)

    assert "Read-only file system" in said


def test_no_secret_is_in_what_docker_tells_of_a_container(stack, container):
    told = json.dumps(stack.about(container)) + stack.engine.docker("logs", container)

    for file in (stack.folder / "secrets").iterdir():
        assert file.read_text() not in told, file.name


def test_a_process_reads_the_secrets_that_it_needs_and_no_others(stack):
    held = {name: set(stack.execute(name, "ls", "/run/secrets").split()) for name in SERVICES[1:5]}

    optional = {"smtp_url", "profiler_key"}
    assert held == {
        "web": {"database_url", "eraser_database_url", "leadfly_secret_key"} | optional,
        "stream": {"database_url", "leadfly_secret_key"} | optional,
        "worker": {"worker_database_url", "eraser_database_url", "leadfly_secret_key"} | optional,
        "n8n": {"n8n_encryption_key"},
    }


def test_nobody_gets_into_the_database_without_the_password(stack):
    for user in ("leadfly", "leadfly_app", "postgres"):
        url = f"postgresql://{user}@postgres/leadfly"
        program = f"import psycopg; psycopg.connect({url!r})"

        said = stack.execute("web", "python3", "-c", program, fails=True)

        assert "no password supplied" in said


def test_a_start_without_secrets_says_which_is_missing(engine, override, tmp_path):
    bare = Stack(engine, tmp_path, override)
    try:
        said = bare.compose("up", "--detach", "--no-build", "postgres", fails=True)
    finally:
        bare.down()

    assert "secrets/" in said and "_password" in said
    assert "does not exist" in said


def test_a_service_without_secrets_names_all_that_it_misses(engine, override):
    asked = ("DATABASE_URL_FILE", "LEADFLY_SECRET_KEY_FILE")
    environ = [f"--env={name}=/run/secrets/absent" for name in asked]

    said = engine.docker("run", "--rm", *environ, images.OURS, fails=True)

    assert all(f"{name} cannot be read" in said for name in asked)


def test_an_empty_secret_is_no_password(engine, override, tmp_path):
    bare = Stack(engine, tmp_path, override)
    bare.make_secrets()
    shutil.copy("/dev/null", tmp_path / "secrets" / "empty")
    (tmp_path / "secrets" / "postgres_password").unlink()
    (tmp_path / "secrets" / "postgres_password").touch()
    try:
        bare.compose("up", "--detach", "--no-build", "postgres")
        said = bare.compose("logs", "postgres")
    finally:
        bare.down()

    assert "ready to accept connections" not in said
