"""The compose file and the image as far as they can be checked without an engine."""

import importlib
import re
from pathlib import Path

import pytest
import yaml

from leadfly import loops, stream
from shared.embedded import SETTINGS
from shared.normalize import address, dates

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
LASTING = {
    name: service for name, service in SERVICES.items() if name not in ("migrate", "restore")
}


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_to_a_version(name):
    image = SERVICES[name]["image"]

    assert image == "leadfly:local" or re.search(r":\d+\.\d+", image)


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_says_how_it_is_and_comes_back(name):
    assert LASTING[name]["healthcheck"]["test"]
    assert LASTING[name]["restart"] == "unless-stopped"


def test_nothing_starts_before_what_it_needs():
    order = {
        name: {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
        for name, service in SERVICES.items()
    }

    assert order["migrate"] == {"postgres": "service_healthy"}
    assert order["web"] == {"migrate": "service_completed_successfully"}
    assert order["stream"] == {"migrate": "service_completed_successfully"}
    assert order["proxy"] == {"web": "service_healthy", "stream": "service_healthy"}
    assert order["n8n"] == {"proxy": "service_healthy"}


def test_services_and_worker_share_what_waits_for_the_database():
    for name in ("web", "stream", "worker"):
        assert SERVICES[name]["volumes"][0] == "leads:/app/data"
    assert "leads" in COMPOSE["volumes"]


def test_a_drop_folder_of_the_host_stands_where_the_services_look_for_it():
    for name in ("migrate", "web", "stream", "worker"):
        assert SERVICES[name]["volumes"][1] == "${DISCOVERY_DROP_FOLDER:-drop}:/drop:ro"
        named = SERVICES[name]["environment"]["DISCOVERY_DROP_FOLDER"]
        assert named == "${DISCOVERY_DROP_FOLDER:+/drop}"
    assert "drop" in COMPOSE["volumes"]


def test_no_secret_stands_in_the_environment():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            secret = re.search(r"PASSWORD|SECRET|_KEY|DATABASE_URL", variable)
            if secret and variable != "RATE_LIMIT_PER_KEY":
                assert variable.endswith("_FILE"), f"{name} {variable}"
                assert re.fullmatch(r"(\$\{\w+:\+)?/run/secrets/\w+\}?", value), variable


def test_every_secret_that_a_service_reads_is_declared_and_made_by_the_script():
    script = (ROOT / "deploy/secrets.sh").read_text(encoding="utf-8")
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    yours = {name for name, where in COMPOSE["secrets"].items() if "/dev/null" in where["file"]}

    assert used == set(COMPOSE["secrets"])
    assert yours == {"smtp_url", "profiler_key"}
    assert all(re.search(rf"^keep {secret} ", script, re.M) for secret in used - yours)


NOT_PASSED_ON = {
    "LEADFLY_HOME": "the image's: a volume",
    "PORT": "the proxy's: where it listens on this host",
    "RATE_LIMIT": "always on with AUTH_MODE=keys",
    "DEDUPE_DATABASE_URL": "of a command, not of a service",
}
"""Settings that the compose file's services do not get, and why."""


def test_every_setting_reaches_the_services_or_is_said_not_to():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"^([A-Z][A-Z0-9_]*)=", example, re.M))
    passed_on = {
        variable.removesuffix("_FILE")
        for service in SERVICES.values()
        if service["image"] == "leadfly:local"
        for variable in service.get("environment", {})
    }

    assert documented - passed_on == set(NOT_PASSED_ON)
    assert passed_on - documented <= {"PROMETHEUS_MULTIPROC_DIR"}


def test_every_setting_is_passed_on_under_its_own_name():
    for service in SERVICES.values():
        if service["image"] == "leadfly:local":
            for variable, value in service["environment"].items():
                named = re.search(r"\$\{(\w+)", value)
                assert named is None or named[1] == variable


def test_its_postgres_works_as_the_embedded_one_does():
    told = dict(word.split("=", 1) for word in SERVICES["postgres"]["command"] if "=" in word)
    of_the_host = {"shared_buffers", "max_connections", "synchronous_commit", "timezone"}
    never_logged = {"log_statement", "log_parameter_max_length"}  # PostgreSQL's default, or its own

    for name, value in SETTINGS.items():
        if name not in of_the_host | never_logged:
            assert told[name] == value, name


def test_each_process_has_the_login_of_its_own_role_and_no_other():
    script = (ROOT / "deploy/secrets.sh").read_text(encoding="utf-8")
    held = {
        name: {s for s in service.get("secrets", []) if s.endswith("database_url")}
        for name, service in SERVICES.items()
        if service["image"] == "leadfly:local"
    }

    assert held == {
        "migrate": {"database_url", "migrations_database_url"},
        "web": {"database_url", "eraser_database_url"},
        "stream": {"database_url"},
        "worker": {"worker_database_url", "eraser_database_url"},
    }
    for secret, role in (("", "app"), ("worker_", "worker"), ("eraser_", "eraser")):
        login = rf'^keep {secret}database_url .*\n +"postgresql://leadfly_{role}:'
        assert re.search(login, script, re.M)


def test_every_gunicorn_command_names_an_app_that_exists():
    commands = [word for service in SERVICES.values() for word in service.get("command", [])]
    apps = [word.removesuffix("()") for word in commands if word.endswith("()")]

    assert apps
    for app in apps:
        module, _, factory = app.partition(":")
        assert callable(getattr(importlib.import_module(module), factory))


def test_only_the_proxy_and_n8n_are_reachable_and_only_from_this_host_by_default():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(published) == {"proxy", "n8n"}
    assert all("127.0.0.1" in port for ports in published.values() for port in ports)


@pytest.mark.parametrize("name", SERVICES)
def test_the_services_run_as_a_user_without_powers_on_a_read_only_disk(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    if service["image"] == "leadfly:local":
        assert re.search(r"^USER leadfly", (ROOT / "Dockerfile").read_text("utf-8"), re.M)
    else:
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])


def test_a_container_has_longer_to_end_than_what_it_runs_gives_itself():
    seconds = {
        name: int(service.get("stop_grace_period", "10s").removesuffix("s"))
        for name, service in SERVICES.items()
    }

    assert seconds["web"] > 30, "gunicorn's graceful_timeout"
    assert seconds["stream"] > stream.GRACEFUL_SECONDS + 2
    assert seconds["worker"] > loops.GRACEFUL_SECONDS
    assert seconds["n8n"] > 30, "N8N_GRACEFUL_SHUTDOWN_TIMEOUT"


def test_the_image_keeps_every_language_that_the_code_asks_for():
    kept = (ROOT / "deploy/image/languages.txt").read_text(encoding="utf-8").split()

    assert {*address._LANGUAGES.split(), *dates._LOCALES, "root"} <= set(kept)


def test_every_file_that_the_image_or_a_container_takes_exists():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--)(\S+)", dockerfile, re.M)
    mounted = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]

    for path in [*copied, *mounted]:
        assert (ROOT / path).exists(), path


def test_the_proxy_bounds_headers_bodies_and_their_time():
    config = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")

    for directive in ("client_header_timeout", "client_body_timeout", "client_max_body_size"):
        assert directive in config
    assert "proxy_request_buffering on" in config
