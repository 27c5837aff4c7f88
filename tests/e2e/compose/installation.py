"""The guide's installation: a clone of this tree, in a project of its own, on our images."""

import os
import shutil
import subprocess
from pathlib import Path

import yaml

from tests.chaos.running import ROOT
from tests.e2e.n8n.real_parts import free_port

BASE = "leadfly-stand-in/python:local"
"""What our image is built on where the real one cannot be had."""


class Installation:
    """Containers, networks and volumes of one project; `remove` takes them away."""

    def __init__(self, engine, folder, override):
        """*folder* gets the clone; *override* is what `images.prepared` returned."""
        self.engine, self.clone = engine, _cloned(folder)
        self.port, self.n8n_port = free_port(), free_port()
        self.project = f"leadfly-guide-{os.getpid()}"
        stand_ins = folder / "stand-ins.yml"
        stand_ins.write_text(yaml.safe_dump(override))
        self.environ = engine.environ | _commands(engine, folder)
        self.environ |= {
            "COMPOSE_PROJECT_NAME": self.project,
            "COMPOSE_FILE": f"docker-compose.yml{os.pathsep}{stand_ins}",
            "PORT": str(self.port),
            "N8N_PORT": str(self.n8n_port),
        }
        if engine.docker("images", "--quiet", BASE).strip():
            self.environ["BASE_IMAGE"] = BASE

    def remove(self):
        """Remove the project's containers, networks and volumes."""
        down = ["docker", "compose", "--profile", "backups", "--profile", "restore", "down"]
        options = ["--volumes", "--remove-orphans", "--timeout", "5"]
        subprocess.run([*down, *options], cwd=self.clone, env=self.environ, capture_output=True)
        # Those that the guide's .env took out of the project stay behind.
        left = self.engine.docker("volume", "ls", "--quiet", f"--filter=name={self.project}_")
        for volume in left.split():
            self.engine.docker("volume", "rm", volume)


def _cloned(folder: Path) -> Path:
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


def _commands(engine, folder: Path) -> dict[str, str]:
    """Return what makes `docker compose`, as the guide says it, the suite's own two programs."""
    programs, plugins = folder / "bin", folder / "docker" / "cli-plugins"
    for place in (programs, plugins):
        place.mkdir(parents=True)
    (programs / "docker").symlink_to(engine.docker_command[0])
    if len(engine.compose_command) == 1:
        (plugins / "docker-compose").symlink_to(engine.compose_command[0])
    path = f"{programs}{os.pathsep}{engine.environ['PATH']}"
    return {"PATH": path, "DOCKER_CONFIG": str(plugins.parent)}
