"""Providers asked side by side."""

import logging
import time
from dataclasses import replace
from threading import Event

import pytest

from services.enrichment.asking import FAILED, TOO_MANY, TOO_SLOW, Askers, Question
from services.enrichment.providers.provider import NotApplicable, ProviderUnavailable
from tests.services.enrichment.conftest import Directory, asked, finding


def raising(error):
    def act():
        raise error

    return act


def ask(askers, reach, *providers):
    questions = tuple(Question(one, asked(email="ann@corp.example")) for one in providers)
    return askers.ask(questions, reach)


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (ProviderUnavailable("is closed"), "unavailable", "is closed"),
        (NotApplicable("knows no such"), "not_applicable", "knows no such"),
        (RuntimeError("Ann Lee, 12 Main St"), "unavailable", FAILED),
    ],
)
def test_a_provider_that_declines_or_fails_says_why_and_costs_only_itself(
    reach, error, status, message
):
    broken = Directory(name="broken", act=raising(error))

    outcomes = ask(Askers(), reach, broken, Directory(finding(), name="good"))

    assert (outcomes["broken"].status, outcomes["broken"].message) == (status, message)
    assert outcomes["good"].findings


def test_what_a_providers_fault_quotes_is_in_no_log(reach, caplog):
    with caplog.at_level(logging.DEBUG):
        ask(Askers(), reach, Directory(act=raising(RuntimeError("Ann Lee"))))

    assert "RuntimeError" in caplog.text
    assert "Ann" not in caplog.text


def test_a_provider_that_hangs_costs_only_itself(reach):
    hanging = Event()
    soon = replace(reach, ends_at=time.monotonic() + 0.3)
    try:
        outcomes = ask(
            Askers(), soon, Directory(name="slow", act=hanging.wait), Directory(finding())
        )
    finally:
        hanging.set()

    assert (outcomes["slow"].status, outcomes["slow"].message) == ("unavailable", TOO_SLOW)
    assert outcomes["directory"].findings


def test_threads_that_hang_leave_no_room_and_that_is_said_at_once(reach):
    hanging, askers = Event(), Askers(most=1)
    soon = replace(reach, ends_at=time.monotonic() + 0.2)
    try:
        ask(askers, soon, Directory(act=hanging.wait))
        outcomes = ask(askers, reach, Directory(finding()))
    finally:
        hanging.set()

    assert outcomes["directory"].message == TOO_MANY


def test_they_are_asked_at_the_same_time(reach):
    begun = time.monotonic()

    ask(Askers(), reach, *(Directory(name=f"d{n}", act=lambda: time.sleep(0.3)) for n in range(8)))

    assert time.monotonic() - begun < 2.3
