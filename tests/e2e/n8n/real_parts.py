"""The real programs that the n8n suite and its benchmark run: LeadFly's services, and n8n.

Both listen on loopback and keep what they write in a folder they are given.
"""

import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = ROOT / "n8n-workflows"

START_SECONDS = 120
"""How long a program may take until it answers, on a busy machine."""

SETTLED_SECONDS = 60
"""How long n8n may take to note what its first execution came to."""

STOP_SECONDS = 20


class Program:
    """One program, started and stopped as a child of ours."""

    def __init__(self, command, environ, log, ready):
        """*ready* says whether the program answers; *log* is the file for what it prints."""
        self._command, self._environ, self._log, self._ready = command, environ, log, ready
        self._child = None

    def start(self):
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command,
                env=self._environ,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
            )
        give_up = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._child.poll() is not None or time.monotonic() > give_up:
                self.stop()
                raise RuntimeError(f"{self._command} did not start:\n{_end_of(self._log)}")
            time.sleep(0.1)

    def stop(self):
        if self._child is None:
            return
        self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        self._child = None


def services(home, port):
    """Return `leadfly run` on *port* with everything it keeps in *home*."""
    environ = _bare_environ() | {
        "LEADFLY_HOME": str(home),
        # A job for all leads would match, some seconds later, those that the chain holds back.
        "REMATCH_AUTOMATICALLY": "false",
        "PORT": str(port),
        "AUTH_MODE": "local",
        "WEB_CONCURRENCY": "2",
    }
    return Program(
        [sys.executable, "-P", "-m", "leadfly", "run"],
        environ,
        home.with_suffix(".log"),
        lambda: _status("GET", f"http://127.0.0.1:{port}/readyz") == 200,
    )


def n8n(folder, port, base_url, workflow_ids, readiness_path, files, variables=()):
    """Return n8n on *port*, with the workflow *files* imported and *workflow_ids* published.

    Ready means that the webhook at *readiness_path* is there: an empty body must not be a 404.
    *variables* are further ones of its environment, `(name, value)`.
    """
    command = str(cache() / "bin" / "n8n")
    environ = _bare_environ() | {
        "N8N_USER_FOLDER": str(folder),
        "N8N_PORT": str(port),
        "N8N_RUNNERS_BROKER_PORT": str(free_port()),
        "N8N_LISTEN_ADDRESS": "127.0.0.1",
        "N8N_ENCRYPTION_KEY": "for-tests-only",
        "N8N_DIAGNOSTICS_ENABLED": "false",
        "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
        "N8N_TEMPLATES_ENABLED": "false",
        "N8N_PERSONALIZATION_ENABLED": "false",
        "N8N_SECURE_COOKIE": "false",
        "N8N_EXPRESSION_ENGINE": "legacy",
        "N8N_BLOCK_ENV_ACCESS_IN_NODE": "false",
        "DB_TYPE": "sqlite",
        "NODE_ENV": "production",
        "LEADFLY_BASE_URL": base_url,
        **dict(variables),
    }
    imported = folder / "imported"
    imported.mkdir(parents=True)
    for file in files:
        shutil.copy(file, imported)
    log = folder / "n8n.log"
    _run([command, "import:workflow", "--separate", f"--input={imported}"], environ, log)
    for workflow_id in workflow_ids:
        _run([command, "publish:workflow", f"--id={workflow_id}"], environ, log)

    def ready():
        url = f"http://127.0.0.1:{port}"
        return _status("GET", f"{url}/healthz/readiness") == 200 and _status(
            "POST", f"{url}{readiness_path}"
        ) not in (None, 404)

    return Program([command, "start"], environ, log, ready)


def settled(folder):
    """Return once n8n has noted that its first execution went well.

    It does so by writing the whole owner anew: one who was set up meanwhile has no address then.
    """
    path = f"file:{folder / '.n8n' / 'database.sqlite'}?mode=ro"
    give_up = time.monotonic() + SETTLED_SECONDS
    with closing(sqlite3.connect(path, uri=True, timeout=10)) as database:
        while time.monotonic() < give_up:
            ((said,),) = database.execute("SELECT settings FROM user").fetchall()
            if 'userActivated":true' in (said or ""):
                return
            time.sleep(0.2)
    raise RuntimeError("n8n did not note its first execution")


def publish(url, workflow_ids):
    """Publish imported workflows of the n8n that runs at *url*, as its editor does.

    It takes a tenth of what the command does, which starts an n8n for each. Their webhooks are
    there when this returns.
    """
    editor = requests.Session()
    owner = {"email": "owner@example.test", "password": f"A1{secrets.token_urlsafe(20)}"}
    named = owner | {"firstName": "Olive", "lastName": "Owner"}
    _asked(editor, "POST", f"{url}/rest/owner/setup", json=named)
    _signed_in(editor, url, owner)
    for workflow_id in workflow_ids:
        place = f"{url}/rest/workflows/{workflow_id}"
        version = _asked(editor, "GET", place)["data"]["versionId"]
        _asked(editor, "POST", f"{place}/activate", json={"versionId": version})


def _signed_in(editor, url, owner):
    """Return once the editor knows *owner*: right after its start it may forget who set it up."""
    for _ in range(10):
        if editor.get(f"{url}/rest/login", timeout=60).status_code == 200:
            return
        time.sleep(1)
        said = {"emailOrLdapLoginId": owner["email"], "password": owner["password"]}
        editor.post(f"{url}/rest/login", json=said, timeout=60)
    raise RuntimeError("n8n does not know the owner that it was given")


def _asked(editor, method, url, **request):
    answer = editor.request(method, url, timeout=60, **request)
    if answer.status_code != 200:
        raise RuntimeError(f"{method} {url}: {answer.status_code} {answer.text[:500]}")
    return answer.json()


def cache():
    """Return where `make n8n-install` puts n8n."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("LEADFLY_N8N_CACHE") or Path(caches) / "leadfly" / "n8n")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def _bare_environ():
    """Return what any program needs, without what a developer has set for LeadFly or n8n."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "PG_BINDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _run(command, environ, log):
    with log.open("ab") as out:
        done = subprocess.run(command, env=environ, stdout=out, stderr=out, timeout=START_SECONDS)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{_end_of(log)}")


def _status(method, url):
    with suppress(requests.RequestException):
        return requests.request(method, url, timeout=15).status_code
    return None


def _end_of(log):
    return log.read_text(errors="replace")[-3000:]
