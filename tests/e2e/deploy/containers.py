"""The guide's installation in containers: a copy of this tree, and a project of its own.

Nothing of it needs the network: where the real images cannot be had, stand-ins of another name
may be given (`STAND_INS`, which `make compose-test` makes).
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.chaos.running import ROOT

STAND_INS = {
    "postgres": "leadfly-stand-in/postgres:local",
    "wal": "leadfly-stand-in/postgres:local",
    "backup": "leadfly-stand-in/postgres:local",
    "restore": "leadfly-stand-in/postgres:local",
    "proxy": "leadfly-stand-in/nginx:local",
}
"""By service; what is built is built from BASE."""

N8N, N8N_INSTALLED = "leadfly-stand-in/n8n:local", Path.home() / ".cache/leadfly/n8n"
"""Its stand-in runs what `make n8n-install` fetched."""

BASE = "leadfly-stand-in/python:local"

OURS = ("migrate", "web", "stream", "worker")
"""Services of our own image, which gets another tag, so that nobody's is replaced."""


def missing() -> str | None:
    """Return why no containers can be had here; None if they can."""
    if not shutil.which("docker"):
        return "there is no docker"
    for words in (["compose", "version"], *(["image", "inspect", i] for i in _images())):
        if subprocess.run(["docker", *words], capture_output=True).returncode:
            return f"docker {' '.join(words)} fails"
    return None


def copied(folder: Path) -> Path:
    """Return a clone, in *folder*, of a repository with this tree in it as it lies here."""
    origin, clone = folder / "origin", folder / "leadfly"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, origin / name)
    who = ["-c", "user.name=LeadFly", "-c", "user.email=leadfly@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "As it lies here"]):
        subprocess.run(["git", *words], cwd=origin, check=True)
    subprocess.run(["git", "clone", "-q", origin, clone], check=True)
    return clone


def environ(folder: Path, port: int, n8n_port: int) -> dict[str, str]:
    """Return what keeps the project apart from every other one; writes a file into *folder*."""
    lines = [f"  {name}: {{ image: {image} }}" for name, image in STAND_INS.items()]
    lines += [f"  {name}: {{ image: leadfly:guide }}" for name in OURS]
    lines += [f'  n8n: {{ image: {N8N}, volumes: ["{N8N_INSTALLED}:/opt/n8n:ro"] }}']
    extra = folder / "stand-ins.yml"
    extra.write_text("services:\n" + "\n".join(lines) + "\n")
    return {
        "COMPOSE_PROJECT_NAME": f"leadfly-guide-{os.getpid()}",
        "COMPOSE_FILE": f"docker-compose.yml{os.pathsep}{extra}",
        "BASE_IMAGE": BASE,
        "PORT": str(port),
        "N8N_PORT": str(n8n_port),
    }


def removed(folder: Path, settings: Mapping[str, str]) -> None:
    """Remove the project's containers, networks and volumes."""
    down = ["docker", "compose", "--profile", "backups", "--profile", "restore", "down"]
    options = ["--volumes", "--remove-orphans", "--timeout", "5"]
    subprocess.run([*down, *options], cwd=folder, env=os.environ | settings, capture_output=True)
    # Those that the guide's .env took out of the project stay behind.
    named = f"name={settings['COMPOSE_PROJECT_NAME']}_"
    listed = ["docker", "volume", "ls", "--quiet", "--filter", named]
    left = subprocess.run(listed, capture_output=True, text=True).stdout.split()
    if left:
        subprocess.run(["docker", "volume", "rm", *left], capture_output=True)


def _images() -> set[str]:
    return {*STAND_INS.values(), N8N, BASE}
