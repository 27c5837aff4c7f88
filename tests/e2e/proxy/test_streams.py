"""Alerts as they change, through the compose file's proxy: at once, and from the other process."""

import http.client
import json
import time

from bench.proxied import Nginx
from tests.security.tenants import Tenant
from tests.services.alerts.live.streams import STREAM, Reader, StreamServer, raise_one


def test_a_stream_passes_the_proxy_as_it_comes(
    server, gunicorn, guarded_app, database, gate, tmp_path
):
    behind = StreamServer(
        server.home, tmp_path / "log", AUTH_MODE="keys", TRUSTED_PROXIES="1", STREAM_URL="/"
    )
    nginx = Nginx(gunicorn.port, tmp_path, stream_port=behind.port)
    tenant = Tenant(guarded_app.test_client(), database)
    reader = Reader(nginx.port, STREAM, {"X-API-Key": tenant.key})
    try:
        assert reader.event()[0] == "ready"
        begun = time.monotonic()
        raise_one(database, gate, tenant.name, "Through the proxy")

        assert reader.titles(1) == ["Through the proxy"]
        assert time.monotonic() - begun < 2
        assert refused(nginx.port) == (401, False)
    finally:
        reader.close()
        nginx.stop()
        behind.kill()


def refused(port):
    """Return status and `success` of a stream without a key."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", STREAM)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())["success"]
    connection.close()
    return found
