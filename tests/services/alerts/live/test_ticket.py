"""Tickets: one stream each, within a minute, of this installation alone."""

from datetime import UTC, datetime, timedelta

import pytest

from services.alerts.live.ticket import GOOD_FOR, BadTicket, Ticket, read, written
from services.alerts.live.turnstile import Turnstile
from shared.privacy.pseudonym import Keyring

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

KEYS = Keyring(b"k" * 32)

TICKET = Ticket("acme", "one", NOW)


def test_a_ticket_says_whose_it_is():
    assert read(KEYS, written(KEYS, TICKET), NOW) == TICKET


def test_a_ticket_is_good_for_a_minute():
    text = written(KEYS, TICKET)

    assert read(KEYS, text, NOW + GOOD_FOR - timedelta(seconds=1))
    with pytest.raises(BadTicket):
        read(KEYS, text, NOW + GOOD_FOR)


def test_a_ticket_of_another_installation_is_none():
    with pytest.raises(BadTicket):
        read(Keyring(b"o" * 32), written(KEYS, TICKET), NOW)


def test_whatever_is_no_ticket_is_refused_the_same():
    for text in ("", "a", "====", "é", "A" * 100, "A" * 2000, written(KEYS, TICKET)[:-4]):
        with pytest.raises(BadTicket):
            read(KEYS, text, NOW)


def test_a_ticket_is_good_once():
    turnstile = Turnstile(NOW - timedelta(seconds=1))
    turnstile.admit(TICKET, NOW)

    with pytest.raises(BadTicket):
        turnstile.admit(TICKET, NOW)


def test_a_ticket_from_before_a_restart_is_refused():
    with pytest.raises(BadTicket):
        Turnstile(NOW + timedelta(seconds=1)).admit(TICKET, NOW + timedelta(seconds=2))


def test_used_tickets_are_forgotten_when_they_are_no_longer_good():
    turnstile = Turnstile(NOW - timedelta(seconds=1))
    for number in range(100):
        at = NOW + timedelta(seconds=number * 10)
        turnstile.admit(Ticket("acme", str(number), at), at)

    assert len(turnstile._used) < 10
