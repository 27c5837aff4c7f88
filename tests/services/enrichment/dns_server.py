"""A DNS server on this machine, over UDP and TCP, that errs on demand."""

import socket
import struct
from contextlib import suppress
from threading import Event, Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

TTL = 300


TRIES = 20
"""Ports that are tried: one that is free for UDP may be somebody's for TCP."""


def one_port():
    """Return a socket for UDP and one for TCP that have one port in common."""
    for attempt in range(1, TRIES + 1):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(("127.0.0.1", 0))
            return udp, socket.create_server(udp.getsockname())
        except OSError:
            udp.close()
            if attempt == TRIES:
                raise


class DnsServer:
    """Answers from *records*: by name and kind, texts as a zone file has them."""

    def __init__(self):
        self.records, self.faults, self.asked, self.ttl = {}, {}, [], TTL
        self._stopped = Event()
        self._udp, self._tcp = one_port()
        self.at = self._udp.getsockname()
        for sock in (self._udp, self._tcp):
            sock.settimeout(0.05)
        self._threads = [Thread(target=self._serve_udp), Thread(target=self._serve_tcp)]
        for thread in self._threads:
            thread.start()

    def say(self, name, kind, *texts):
        self.records.setdefault(name.rstrip(".") + ".", {})[kind] = texts

    def err(self, name, fault):
        """From now on *fault* (silence, servfail, refused, garbage, lie, truncated, cut, loop)."""
        self.faults[name.rstrip(".") + "."] = fault

    def close(self):
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        self._udp.close()
        self._tcp.close()

    def _serve_udp(self):
        while not self._stopped.is_set():
            with suppress(TimeoutError):
                wire, peer = self._udp.recvfrom(4096)
                for answer in self._answers(wire, tcp=False):
                    self._udp.sendto(answer, peer)

    def _serve_tcp(self):
        while not self._stopped.is_set():
            with suppress(TimeoutError, OSError, struct.error):
                sock, _ = self._tcp.accept()
                with sock:
                    sock.settimeout(1)
                    (size,) = struct.unpack("!H", sock.recv(2))
                    for answer in self._answers(sock.recv(size), tcp=True):
                        sock.sendall(struct.pack("!H", len(answer)) + answer)

    def _answers(self, wire, tcp):
        query = dns.message.from_wire(wire)
        name, kind = query.question[0].name.to_text().lower(), query.question[0].rdtype
        kind = dns.rdatatype.to_text(kind)
        self.asked.append((name, kind, "tcp" if tcp else "udp"))
        fault = self.faults.get(name)
        if fault == "silence":
            return
        if fault == "garbage":
            yield wire[:2] + b"\x81\x80 not a message at all"
            return
        if fault == "lie":
            # An answer to another question, under the right number, as a forger would send it.
            other = dns.message.make_query("elsewhere.example", kind)
            other.id = query.id
            answer = dns.message.make_response(other)
            answer.answer.append(
                dns.rrset.from_text("elsewhere.example.", TTL, "IN", "MX", "1 evil.example.")
            )
            yield answer.to_wire()
            return
        yield self._answer(query, name, kind, fault, tcp)

    def _answer(self, query, name, kind, fault, tcp):
        answer = dns.message.make_response(query)
        if fault in ("servfail", "refused"):
            answer.set_rcode(dns.rcode.SERVFAIL if fault == "servfail" else dns.rcode.REFUSED)
        elif fault == "loop":
            for one, other in (("a.loop.example.", name), (name, "a.loop.example.")):
                answer.answer.append(dns.rrset.from_text(one, TTL, "IN", "CNAME", other))
        elif fault in ("truncated", "cut") and (not tcp or fault == "cut"):
            answer.flags |= dns.flags.TC
        elif name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts := self.records[name].get(kind):
            answer.answer.append(dns.rrset.from_text(name, self.ttl, "IN", kind, *texts))
        wire = answer.to_wire(max_size=65535)
        if not tcp and len(wire) > 1232:
            answer.answer.clear()
            answer.flags |= dns.flags.TC
            wire = answer.to_wire()
        return wire
