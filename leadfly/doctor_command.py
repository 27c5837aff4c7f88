"""`leadfly doctor`: the commonest misconfigurations, a line each, and what mends them.

It changes nothing and raises nothing: a check that cannot be made says so. What is checked stands
in `machine_checks` and `database_checks`.
"""

import argparse
import os
from collections.abc import Iterator, Mapping

import psycopg

from leadfly import database_checks, machine_checks
from leadfly.database_checks import connected
from leadfly.finding import Check, Finding, Patient, said
from leadfly.terminal import say
from shared import settings
from shared.errors import ServiceError, SettingsError
from shared.settings import Settings


class Unwell(ServiceError):
    """Something is wrong; the lines above say what and how to mend it."""


def call(chosen: argparse.Namespace) -> None:
    """Print a line a check. Raises Unwell, which counts them, if anything is wrong."""
    wrong = 0
    for finding in findings(os.environ):
        wrong += finding.well is False
        say(finding.line())
    if wrong:
        raise Unwell(f"{wrong} of these {'is' if wrong == 1 else 'are'} wrong.")


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what every check finds in the installation that *environ* describes."""
    loaded, faults = _settings(environ)
    patient = Patient(environ, loaded, faults=faults)
    for check in machine_checks.CHECKS:
        yield from _guarded(check, patient)
    with connected(patient):
        if patient.no_conn:
            yield patient.no_conn
            return
        for check in database_checks.CHECKS:
            yield from _guarded(check, patient)


def _guarded(check: Check, patient: Patient) -> Iterator[Finding]:
    """Yield what *check* finds, or that it could not be made."""
    try:
        yield from check(patient)
    except (ServiceError, OSError, psycopg.Error, ValueError) as error:
        if patient.conn and not patient.conn.closed:
            patient.conn.rollback()
        name = check.__name__.strip("_").replace("_", " ")
        yield Finding(f"{name} could not be looked at", False, said(error))


def _settings(environ: Mapping[str, str]) -> tuple[Settings, dict[str, object]]:
    """Return the settings, those that are faulty left at their defaults, and what is wrong."""
    faults: dict[str, object] = {}
    kept = dict(environ)
    for _ in range(len(environ) + 1):
        try:
            return settings.load(kept), faults
        except SettingsError as error:
            faults = error.details | faults
            for name in error.details:
                kept.pop(name, None)
    return settings.load({}), faults
