"""The images of the stack: ours is built, the others are pulled, or stand-ins where none can be."""

import json
from pathlib import Path

import yaml

from tests.e2e.n8n import real_parts

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent

OURS = "leadfly-compose-test:local"
"""So that an image of yours, leadfly:local, stays as it is."""

STAND_INS = {"postgres": "postgres", "proxy": "nginx", "n8n": "n8n"}
"""By service, the stage of stand_ins/Dockerfile that takes its place."""

PULL_SECONDS = 600


def prepared(engine, tell):
    """Return what the compose file is to be overridden by: `{"services": …}`.

    *tell* is called with a line about each image that takes its time.
    """
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    named = {services[service]["image"]: service for service in STAND_INS}
    base = services["web"]["build"]["args"]["BASE_IMAGE"].partition(":-")[2].rstrip("}")
    override = {name: {"image": OURS} for name in ("migrate", "web", "stream", "worker")}
    absent = [image for image in (*named, base) if not _pulled(engine, image, tell)]
    for image in absent:
        target = STAND_INS[named[image]] if image in named else "python"
        made = _stand_in(engine, target, tell)
        if image == base:
            base = made
        else:
            override[named[image]] = {"image": made} | _mounts(target)
    for service, about in services.items():
        if about["image"] in absent and service not in override:
            override[service] = override[named[about["image"]]]
    tell(f"building our own image on {base}")
    engine.docker("build", "--quiet", f"--build-arg=BASE_IMAGE={base}", f"--tag={OURS}", str(ROOT))
    return {"services": override}


def size(engine, image=OURS):
    """Return the size of *image* in bytes."""
    return json.loads(engine.docker("image", "inspect", image))[0]["Size"]


def _pulled(engine, image, tell):
    try:
        engine.docker("image", "inspect", image)
    except RuntimeError:
        tell(f"pulling {image}")
        try:
            engine.docker("pull", "--quiet", image, seconds=PULL_SECONDS)
        except RuntimeError:
            tell(f"{image} cannot be pulled: a stand-in is built")
            return False
    return True


def _stand_in(engine, target, tell):
    """Build the stage *target*; return its image. The Debian below it is made once."""
    debian = "leadfly-stand-in/debian:bookworm"
    if not engine.docker("images", "--quiet", debian).strip():
        tell("making a Debian to build on (1 to 3 minutes)")
        script = HERE / "stand_ins" / "debian.sh"
        engine.run(
            ["sh", "-c", f"{script} bookworm | {engine.docker_command[0]} import - {debian}"]
        )
    made = f"leadfly-stand-in/{target}:local"
    engine.docker("build", "--quiet", f"--target={target}", f"--tag={made}", HERE / "stand_ins")
    return made


def _mounts(target):
    """Return what the stand-in for n8n needs: what `make n8n-install` brought, as it was built."""
    if target != "n8n":
        return {}
    mounted = [f"{real_parts.cache()}:/opt/n8n:ro"]
    return {"volumes": mounted, "environment": {"N8N_EXPRESSION_ENGINE": "legacy"}}
