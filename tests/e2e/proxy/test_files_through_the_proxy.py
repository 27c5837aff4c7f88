"""Files of leads and of people through the compose file's proxy: whole, and in nobody's disk."""

import http.client
import json
import socket

import pytest

IMPORTS = "/api/v1/lead-discovery/imports"
LISTS = "/api/v1/lead-discovery/suppression/lists"

ROWS = 60_000


@pytest.fixture(scope="module")
def file():
    """A CSV file of more than a MiB."""
    rows = "".join(f"Pat{n},Doe{n},pat{n}@firm{n}.example\n" for n in range(ROWS))
    return f"First name,Last name,Email\n{rows}".encode()


def sent(port, path, body, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, body, {"Content-Type": "text/csv", **headers})
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def test_a_file_of_leads_passes_the_proxy_whole(nginx, ours, file):
    status, said = sent(nginx.port, IMPORTS, file, **{"X-API-Key": ours.key})

    assert (status, said["import"]["size"]) == (201, len(file)), said


def test_a_suppression_list_passes_the_proxy_whole(nginx, ours, file):
    body, key = json.dumps({"name": "gone", "kind": "custom"}).encode(), {"X-API-Key": ours.key}
    _, kept = sent(nginx.port, LISTS, body, **key | {"Content-Type": "application/json"})

    status, said = sent(nginx.port, f"{LISTS}/{kept['list']['id']}/import", file, **key)

    assert (status, said["rows"]) == (200, ROWS), said


def test_a_file_without_a_key_is_refused_before_it_has_arrived(nginx):
    head = (
        f"POST {IMPORTS} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 9999999"
    )
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=20) as connection:
        connection.sendall(f"{head}\r\n\r\nEmail\r\n".encode())

        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("size", [2, 40])
def test_a_whole_file_without_a_key_is_answered_in_our_words(nginx, size):
    status, said = sent(nginx.port, IMPORTS, b"Email\n" * (size * 1024**2 // 6))

    assert (status, said["error"]["code"]) == (401, "INVALID_API_KEY")


def test_elsewhere_a_body_of_more_than_a_mebibyte_is_refused(nginx, ours):
    place = f"{IMPORTS}/00000000-0000-7000-8000-000000000000/preview"

    status, _ = sent(nginx.port, place, b" " * (2 * 1024**2), **{"X-API-Key": ours.key})

    assert status == 413
