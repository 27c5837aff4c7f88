"""The compose file and the image as far as they can be checked without an engine."""

import importlib
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
LASTING = {name: service for name, service in SERVICES.items() if name != "migrate"}


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
                assert value.startswith("/run/secrets/")


def test_every_secret_that_a_service_reads_is_declared_and_made_by_the_script():
    script = (ROOT / "deploy/secrets.sh").read_text(encoding="utf-8")
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}

    assert used == set(COMPOSE["secrets"])
    assert all(re.search(rf"^keep {secret} ", script, re.M) for secret in used)


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


def test_the_services_run_as_a_user_without_powers_on_a_read_only_disk():
    for name in ("web", "stream", "worker", "migrate"):
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert re.search(r"^USER leadfly", (ROOT / "Dockerfile").read_text("utf-8"), re.M)


def test_every_file_that_the_image_or_a_container_takes_exists():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (\S+)", dockerfile, re.M)
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
