"""The door to the DNS, against a real server with real faults."""

import time

import pytest

from services.enrichment.resolving import MOST_CHARACTERS, MOST_RECORDS, Mx, NoSuchDomain, Resolver
from services.enrichment.resolving import Unanswered as NoAnswer

NAME = "corp.example"


def soon():
    return time.monotonic() + 5


def test_exchanges_come_in_the_order_of_their_preference(dns_server, resolver):
    dns_server.say(NAME, "MX", "20 b.corp.example.", "10 A.Corp.Example.")

    found = resolver.exchanges(NAME, soon())

    assert found == (Mx(10, "a.corp.example"), Mx(20, "b.corp.example"))


def test_a_null_mx_has_no_host(dns_server, resolver):
    dns_server.say(NAME, "MX", "0 .")

    assert resolver.exchanges(NAME, soon()) == (Mx(0, ""),)


def test_the_strings_of_a_text_are_joined(dns_server, resolver):
    dns_server.say(NAME, "TXT", '"v=spf1 include:a" ".example -all"')

    assert resolver.texts(NAME, soon()) == ("v=spf1 include:a.example -all",)


def test_a_name_that_does_not_exist_is_said_so(resolver):
    with pytest.raises(NoSuchDomain):
        resolver.exchanges("nowhere.example", soon())


def test_a_name_without_such_records_has_none(dns_server, resolver):
    dns_server.say(NAME, "A", "192.0.2.1")

    assert resolver.exchanges(NAME, soon()) == ()
    assert resolver.has_address(NAME, soon())


@pytest.mark.parametrize(
    "fault", ["silence", "servfail", "refused", "garbage", "lie", "cut", "loop"]
)
def test_whatever_is_wrong_with_the_server_no_answer_comes_of_it_in_time(
    dns_server, resolver, fault
):
    dns_server.say(NAME, "MX", "10 mx.corp.example.")
    dns_server.err(NAME, fault)
    begun = time.monotonic()

    with pytest.raises(NoAnswer):
        resolver.exchanges(NAME, soon())

    assert time.monotonic() - begun < 4.9


def test_a_truncated_answer_is_asked_for_again_by_tcp(dns_server, resolver):
    dns_server.say(NAME, "MX", "10 mx.corp.example.")
    dns_server.err(NAME, "truncated")

    assert resolver.exchanges(NAME, soon()) == (Mx(10, "mx.corp.example"),)
    assert [how for *_, how in dns_server.asked] == ["udp", "tcp"]


def test_huge_texts_are_cut(dns_server, resolver):
    huge = " ".join(f'"{"x" * 250}"' for _ in range(40))
    dns_server.say(NAME, "TXT", huge, *(f'"{n} {"y" * 200}"' for n in range(200)))

    found = resolver.texts(NAME, soon())

    assert len(found) == MOST_RECORDS
    assert max(map(len, found)) <= MOST_CHARACTERS


def test_bytes_that_are_no_text_are_replaced(dns_server, resolver):
    dns_server.say(NAME, "TXT", r'"\255\254"')

    assert resolver.texts(NAME, soon()) == ("\ufffd\ufffd",)


def test_an_answer_is_remembered_for_its_time(dns_server):
    clock = [1000.0]
    resolver = Resolver([dns_server.at], 1.0, lambda: clock[0])
    dns_server.say(NAME, "MX", "10 mx.corp.example.")

    resolver.exchanges(NAME, soon())
    clock[0] += 299
    resolver.exchanges(NAME.upper(), soon())
    assert len(dns_server.asked) == 1
    clock[0] += 2
    resolver.exchanges(NAME, soon())

    assert len(dns_server.asked) == 2


def test_a_time_to_live_of_years_is_believed_for_an_hour(dns_server):
    clock = [1000.0]
    resolver = Resolver([dns_server.at], 1.0, lambda: clock[0])
    dns_server.ttl = 2**31 - 1
    dns_server.say(NAME, "MX", "10 mx.corp.example.")

    resolver.exchanges(NAME, soon())
    clock[0] += 3601
    resolver.exchanges(NAME, soon())

    assert len(dns_server.asked) == 2


def test_a_failure_is_not_remembered(dns_server, resolver):
    dns_server.say(NAME, "MX", "10 mx.corp.example.")
    dns_server.err(NAME, "servfail")
    with pytest.raises(NoAnswer):
        resolver.exchanges(NAME, soon())
    dns_server.faults.clear()

    assert resolver.exchanges(NAME, soon())


def test_nothing_is_asked_when_the_time_is_up(dns_server, resolver):
    with pytest.raises(NoAnswer):
        resolver.exchanges(NAME, time.monotonic() - 1)

    assert dns_server.asked == []


@pytest.mark.parametrize("name", ["a..example", "x" * 64 + ".example", "x." * 200 + "example"])
def test_what_is_no_name_is_not_asked_for(dns_server, resolver, name):
    with pytest.raises(NoAnswer):
        resolver.exchanges(name, soon())

    assert dns_server.asked == []


def test_the_second_server_is_asked_where_the_first_is_gone(dns_server):
    dns_server.say(NAME, "MX", "10 mx.corp.example.")
    resolver = Resolver([("127.0.0.1", 9), dns_server.at], 3.0)

    assert resolver.exchanges(NAME, soon())
