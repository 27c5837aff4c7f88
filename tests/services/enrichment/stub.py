"""A server that reads one request to its end and then says what a test wants."""

import socket
import threading
from contextlib import contextmanager


@contextmanager
def saying(said):
    """Yield the address of a server that answers every request with *said*.

    *said* is bytes, or a function of the socket.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_listen, args=(listening, said), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def closed_port():
    """Return the address of a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


def _listen(listening, said):
    while True:
        try:
            wire, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(wire, said), daemon=True).start()


def _serve(wire, said):
    try:
        wire.settimeout(10)
        with wire:
            _read(wire)
            if callable(said):
                said(wire)
            else:
                wire.sendall(said)
    except OSError:
        pass


def _read(wire):
    """Read a request: whoever closes on unread bytes resets the connection, answer and all."""
    got = b""
    while b"\r\n\r\n" not in got and (more := wire.recv(65536)):
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [line[15:] for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"]
    while lengths and len(body) < int(lengths[0]) and (more := wire.recv(65536)):
        body += more
