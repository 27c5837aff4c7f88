"""The stack of docker-compose.yml, started as it stands, in a project of its own."""

import json
import shutil
import time
import uuid

import yaml

from tests.e2e.compose.images import ROOT
from tests.e2e.n8n.real_parts import free_port

HEARD_SECONDS = 180

SCOPES = "write:leads,read:leads"

KEYS = """
import sys
from leadfly.__main__ import main
for tenant in sys.argv[2:]:
    main(["keys", "create", "--tenant", tenant, "--scopes", sys.argv[1]])
"""
"""Makes keys in one process; started once for each it would take as many seconds as there are."""


class Stack:
    """Containers, networks and volumes of one project; `down` removes them all."""

    def __init__(self, engine, folder, override, **settings):
        """*folder* gets the compose file, and the secrets; *settings* are its environment.

        *override* is what `images.prepared` returned.
        """
        self.engine, self.folder = engine, folder
        self.project = f"leadfly-test-{uuid.uuid4().hex[:8]}"
        self.port, self.n8n_port = free_port(), free_port()
        ports = {"PORT": str(self.port), "N8N_PORT": str(self.n8n_port)}
        self.environ = ports | settings
        shutil.copy(ROOT / "docker-compose.yml", folder)
        shutil.copytree(ROOT / "deploy", folder / "deploy")
        (folder / "override.yml").write_text(yaml.safe_dump(override))
        # The tests sign in to n8n over plain HTTP, on this machine.
        self.environ |= {"N8N_SECURE_COOKIE": "false"}

    @property
    def command(self):
        """`docker compose` for this project."""
        files = [f"--file={self.folder / name}" for name in ("docker-compose.yml", "override.yml")]
        return [*self.engine.compose_command, f"--project-name={self.project}", *files]

    @property
    def url(self):
        """Where the proxy listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def n8n_url(self):
        """Where n8n listens."""
        return f"http://127.0.0.1:{self.n8n_port}"

    @property
    def network(self):
        """The network that all containers are in."""
        return f"{self.project}_inside"

    def compose(self, *arguments, **options):
        """Return what `docker compose` prints."""
        return self.engine.run([*self.command, *arguments], self.environ, self.folder, **options)

    def make_secrets(self):
        """Do what `make secrets` does, in the stack's folder."""
        self.engine.run(["sh", "deploy/secrets.sh"], cwd=self.folder)

    def up(self, *services):
        """Start *services*, all if none is named, and return when they are well."""
        self.compose("up", "--detach", "--no-build", "--wait", "--wait-timeout=800", *services)

    def down(self):
        """Remove everything."""
        self.compose("--profile=*", "down", "--volumes", "--remove-orphans", "--timeout=20")

    def execute(self, service, *command, **options):
        """Return what *command* prints in a container of *service*."""
        return self.compose("exec", "-T", service, *command, **options)

    def containers(self, service):
        """Return the ids of the containers of *service*."""
        return self.compose("ps", "--quiet", service).split()

    def about(self, container):
        """Return what `docker inspect` says."""
        return json.loads(self.engine.docker("inspect", container))[0]

    def keys(self, tenants, scopes=SCOPES):
        """Return a key for each of *tenants*, by its name."""
        said = self.execute("web", "python3", "-P", "-c", KEYS, scopes, *tenants)
        return dict(
            zip(tenants, (line.split()[-1] for line in said.splitlines() if line), strict=True)
        )

    def rows(self, query, **values):
        """Return what PostgreSQL answers to *query*, with *values* for `:'name'`, as texts."""
        psql = ["psql", "--username=leadfly", "--dbname=leadfly", "--csv", "--tuples-only"]
        named = [f"--set={name}={value}" for name, value in values.items()]
        said = self.execute("postgres", *psql, *named, "--file=-", sent=query)
        return [line.split(",") for line in said.splitlines()]

    def guest(self, program, *arguments):
        """Start Python's *program* in a container of the network; return the container's id.

        Its address is its own, as that of another host would be.
        """
        image = self.about(self.containers("web")[0])["Image"]
        ours = [f"--label=com.docker.compose.project={self.project}", f"--network={self.network}"]
        return self.engine.docker(
            "run", "--detach", *ours, image, "python3", "-c", program, *arguments
        ).strip()

    def heard(self, guest):
        """Return what *guest* has printed, as soon as it has printed something."""
        give_up = time.monotonic() + HEARD_SECONDS
        while not (said := self.engine.docker("logs", guest)):
            assert time.monotonic() < give_up
            time.sleep(0.2)
        return said

    def dismiss(self, *guests):
        """Remove *guests*."""
        self.engine.docker("rm", "--force", "--volumes", *guests)
