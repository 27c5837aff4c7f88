"""docs/deploy.md without an engine: what it names is there, and all of it is shell."""

import re
import shlex
import subprocess

import yaml

from leadfly.__main__ import COMMANDS
from tests.chaos.running import ROOT
from tests.e2e.deploy.commands import GUIDE, commands, script

TEXT = GUIDE.read_text(encoding="utf-8")
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]

TAKES_SERVICES = {"exec", "run", "up", "stop", "build"}
TAKES_A_VALUE = {"--entrypoint", "--scale", "--profile", "-e"}


def composed():
    """Yield subcommand and further words of every `docker compose` of the guide."""
    for command in commands(TEXT):
        for words in re.findall(r"docker compose ((?:[^|<'\"$]|'[^']*'|\"[^\"]*\")*)", command):
            plain = shlex.split(words.replace("$", ""))
            while plain[0].startswith("--"):
                del plain[: 2 if plain[0] in TAKES_A_VALUE else 1]
            yield plain[0], plain[1:]


def named_services(subcommand, words):
    """Return the words of a compose command that name services."""
    found = []
    words = list(words)
    while words:
        word = words.pop(0)
        if word in TAKES_A_VALUE:
            value = words.pop(0)
            found += [value.partition("=")[0]] if word == "--scale" else []
        elif not word.startswith("-"):
            found.append(word)
            if subcommand in ("exec", "run"):
                break
    return found


def test_all_of_the_guide_is_shell():
    done = subprocess.run(["bash", "-n"], input=script(TEXT, {}), text=True, capture_output=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_every_service_that_the_guide_names_is_in_the_compose_file():
    asked = list(composed())

    assert len(asked) > 20
    for subcommand, words in asked:
        assert subcommand in TAKES_SERVICES, subcommand
        assert set(named_services(subcommand, words)) <= set(SERVICES), words


def test_every_subcommand_that_the_guide_names_exists():
    named = set(re.findall(r"\bleadfly (?!-)([a-z-]+)(?= |`|\n)", "\n".join(commands(TEXT))))
    named |= set(re.findall(r"`(?:leadfly )?([a-z]+-[a-z]+)`", TEXT)) & {"reapply-erasures"}

    assert {"keys", "reapply-erasures"} <= named
    assert named - {"leadfly"} <= set(COMMANDS)


def test_every_script_that_the_guide_names_exists():
    named = {name.lstrip("-") for name in re.findall(r"[a-z-]+\.sh\b", TEXT)}

    assert {"backup.sh", "restore.sh", "wal.sh"} <= named
    assert all((ROOT / "deploy" / name).exists() for name in named), named
