"""An installation of its own that listens to itself: all its logs, at DEBUG.

It is sent the canary through every route, and every command, in every way that we could think of.
"""

import csv
import http.client
import json
import re
import subprocess
import sys
import time
from contextlib import closing, suppress
from urllib.parse import quote, urlencode
from uuid import uuid4

import psycopg

from bench.proxied import Gunicorn, raw
from bench.served import clean_environ
from leadfly.migrate import migrate
from shared import keys
from shared.embedded import OWNER, Server
from tests.security.canary import MARK, VALUES
from tests.security.described import ROUTES

SIGNING = "typeform"
"""A sender whose posts are verified, so that its source may hold a secret."""

ROOT = __file__.rpartition("/tests/")[0]

LEAD = {
    "email": VALUES["email"],
    "phone": VALUES["phone"],
    "first_name": VALUES["first name"],
    "last_name": VALUES["last name"],
    "company": VALUES["company"],
    "message": VALUES["message"],
    "website": f"https://{MARK}.example/{MARK}",
    "date_of_birth": MARK,
}

BODY = {
    "source_id": f"form-{MARK}",
    "lead_data": LEAD,
    "leads": [{"lead_data": LEAD}, LEAD, MARK, {MARK: MARK}],
    "context": {"ip": VALUES["IP address"], "user_agent": MARK, "campaign_id": MARK},
    "consent": {"purposes": [MARK], "text_version": MARK, "proof": MARK},
    "submission_id": VALUES["idempotency key"],
    "verdict": MARK,
    "reason": MARK,
    "policy": {MARK: MARK},
    "url": f"https://{MARK}.example/{MARK}",
    "events": ["lead.created"],
    "description": MARK,
    "secret": VALUES["secret"],
    "scopes": ["read:leads"],
    "name": MARK,
    MARK: MARK,
}
"""What any route may read of it, and what none does."""

HEADERS = {
    "Idempotency-Key": VALUES["idempotency key"],
    "X-Forwarded-For": VALUES["IPv6 address"],
    "User-Agent": MARK,
    "Referer": f"https://{MARK}.example/{MARK}",
    "Origin": f"https://{MARK}.example",
    "Cookie": f"session={MARK}",
    "X-Request-ID": f"{MARK}@example.org",
}

FORGED = {
    "webhook-id": MARK,
    "webhook-timestamp": MARK,
    "webhook-signature": f"v1,{MARK}",
    "webhook-key": MARK,
}

STRANGERS = (
    {"X-API-Key": VALUES["secret"]},
    {"Authorization": f"Bearer {VALUES['secret']}"},
    FORGED,
)


class Installation:
    """A database at DEBUG, the services and the worker at DEBUG, and what they were answered."""

    def __init__(self, folder):
        self.folder = folder
        self.server = Server(folder / "home")
        self.server.start()
        migrate(self.server.conninfo(OWNER))
        with psycopg.connect(self.server.conninfo(OWNER), autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET log_min_messages = 'debug2'")
            conn.execute("SELECT pg_reload_conf()")
        self.account = VALUES["account"]
        self.key = self.command("keys", "create", "--tenant", self.account, "--name", MARK,
                                "--scopes", ",".join(keys.SCOPES)).stdout.split()[-1]  # fmt: skip
        made = self.command("sources", "create", "--tenant", self.account, "--source", MARK)
        self.address = made.stdout.split()[-1]
        self.gunicorn = Gunicorn(
            self.server.home,
            folder / "services.log",
            "tests.security.loud:served()",
            GUNICORN_CMD_ARGS="--log-level=debug",
        )
        self.statuses = []
        self.worker = None

    def environ(self):
        return clean_environ() | {"LEADFLY_HOME": str(self.server.home), "PYTHONPATH": ROOT}

    def command(self, *words, stdin=None):
        """Run a command; what it says about itself, on stderr, is a log."""
        command = [sys.executable, "-P", "-m", "leadfly", *words]
        done = subprocess.run(
            command, env=self.environ(), cwd=ROOT, input=stdin, capture_output=True, text=True
        )
        with (self.folder / "commands.log").open("a") as log:
            log.write(f"{words[0]} ended with {done.returncode}\n{done.stderr}")
        return done

    def start_worker(self):
        with (self.folder / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-P", "-m", "tests.security.loud"],
                env=self.environ(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def send(self, method, path, headers, body=b""):
        line = http.client.HTTPConnection("127.0.0.1", self.gunicorn.port, timeout=20)
        with closing(line), suppress(ConnectionError):
            line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            self.statuses.append(answer.status)

    def send_everything(self, most=None):
        """Send the canary through every route, in every way or the first *most* it may be sent."""
        for route in ROUTES:
            nowhere = dict.fromkeys(route.places, uuid4())
            everywhere = dict.fromkeys(route.places, quote(f"{MARK}@{VALUES['phone']}", safe=""))
            query = {name: MARK for name in route.parameters("query")} | VALUES | {MARK: MARK}
            asked = f"{route.address(**everywhere)}?{urlencode(query)}"
            ways = list(bodies(self.account))[:most] if route.media_types else NO_BODY
            for path, some in ((asked, ways), (route.address(**nowhere), ways[:3])):
                self.send_all(route.method, path, {"X-API-Key": self.key}, some)
            for key in STRANGERS:
                self.send_all(route.method, asked, key, ways[:2])

        self.send_all("POST", self.address, {}, list(bodies(self.account))[:most])
        self.send_all("GET", f"{self.address}?{urlencode(LEAD)}", {}, NO_BODY)

    def send_all(self, method, path, key, ways):
        for media_type, body in ways:
            self.send(method, path, HEADERS | key | {"Content-Type": media_type}, body)

    def send_what_is_no_request(self):
        for sent in (
            f"GET /{MARK} HTTP/9\r\n\r\n",
            f"{MARK}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: x\r\n{MARK} {MARK}: 1\r\n\r\n",
            f"POST /{MARK}?{MARK} HTTP/1.1\r\nHost: {MARK}\r\nContent-Length: {MARK}\r\n\r\n",
            f"POST /{MARK} HTTP/1.1\r\nHost: {MARK}\r\nTransfer-Encoding: {MARK}\r\n\r\n",
            f"GET /{MARK}/{MARK} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        ):
            raw(self.gunicorn.port, sent.encode())

    def use_the_commands(self):
        table = self.folder / "table.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, list(LEAD))
            rows.writeheader()
            rows.writerows([LEAD, LEAD | {"email": f"not an address {MARK}", "phone": MARK}])
        account = ["--tenant", self.account]
        self.command("check", *account, "--email", VALUES["email"], "--phone", VALUES["phone"])
        self.command("check", *account, "--file", "-", stdin=json.dumps(BODY))
        self.command("check", *account, "--file", "-", stdin=f'{{"{MARK}": "{MARK}')
        self.command("import", *account, "--source", MARK, str(table), "--processes", "1")
        self.command("keys", "revoke", *account, "--prefix", MARK)
        self.command("keys", "create", *account, "--scopes", MARK)
        secret, sample = self.folder / "secret", self.folder / "sample"
        secret.write_text(MARK)
        sample.write_text(json.dumps(LEAD))
        named = [*account, "--source", f"command-{MARK}"]
        held = ["--adapter", SIGNING, "--secret-file", str(secret)]
        self.command("sources", "create", *named, *held)
        self.command("sources", "change", *named, "--adapter", "generic")
        self.command("sources", "rotate", *named)
        self.command("sources", "try", str(sample), "--adapter", MARK)
        self.command("sources", "try", "-", stdin=f'{{"{MARK}": "{MARK}')

    def wait_until_stored(self):
        """Wait until the worker has stored what waited for the database."""
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            sent = f"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {self.key}\r\n"
            said = raw(self.gunicorn.port, f"{sent}Connection: close\r\n\r\n".encode()).decode()
            if re.search(r"^leadfly_spool_waiting 0\.0$", said, re.M):
                return
            time.sleep(0.2)
        raise AssertionError("leads still wait")

    def logs(self):
        files = {path.name: path for path in self.folder.glob("*.log")}
        files |= {path.name: path for path in self.server.home.glob("*.log")}
        return {name: path.read_text(errors="replace") for name, path in files.items()}

    def stop(self):
        if self.worker:
            self.worker.terminate()
            self.worker.wait(30)
        self.gunicorn.stop()
        self.server.stop(hurry=True)


def bodies(account):
    """Yield the ways in which a body may be sent, each with its media type."""
    whole = BODY | {"user_id": account}
    form = urlencode({**LEAD, "user_id": account, "source_id": MARK, MARK: MARK})
    good = {"user_id": account, "source_id": f"form-{MARK}", "lead_data": LEAD}
    yield "application/json", json.dumps(good | {"context": BODY["context"]}).encode()
    yield "application/json", json.dumps(whole).encode()
    yield "application/json", json.dumps(whole | {"lead_data": {"email": [MARK], MARK: 1}}).encode()
    yield "application/json", json.dumps(whole | {"user_id": f"{MARK}\n"}).encode()
    yield "application/json", json.dumps(whole)[:-9].encode()
    yield "application/json", f'{{"{MARK}": NaN, "{MARK}": "\\ud800{MARK}"}}'.encode()
    yield "application/json", f'["{MARK}", "{MARK}\0"'.encode("utf-16")
    yield "application/json", b'"' + MARK.encode() * 100_000 + b'"'
    for source in sources():
        yield "application/json", json.dumps(source | {"user_id": account}).encode()
    yield "application/x-www-form-urlencoded", form.encode()
    yield "application/x-www-form-urlencoded", f"{form}&email={MARK}&{MARK}=%ff".encode()
    yield f"multipart/form-data; boundary={MARK}", multipart(LEAD | {"user_id": account})
    yield f"text/{MARK}", MARK.encode()
    yield f"application/json; charset={MARK}", MARK.encode()


def sources():
    """Yield sources of the canary's: one with a secret, and one that is refused for it."""
    source = {"source_id": f"source-{MARK}", "field_map": {MARK: "company"}, "secret": MARK}
    source |= {"consent": {"purposes": [MARK], "field": MARK}}
    yield source | {"adapter": SIGNING, "sample": LEAD}
    yield source | {"adapter": "generic", "access_token": MARK, "sample": json.dumps([LEAD])}


def multipart(fields):
    parts = (
        f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return ("".join(parts) + f"--{MARK}--\r\n").encode()


NO_BODY = (("application/json", b""),)
