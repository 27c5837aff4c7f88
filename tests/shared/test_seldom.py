"""Of what many say at once the log has one line, and the next one counts the rest."""

import logging

from shared.seldom import QUIET_SECONDS, Seldom


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self):
        return self.now


def test_the_first_of_a_kind_is_said_and_the_rest_counted():
    clock = Clock()
    seldom = Seldom(clock)

    assert [seldom.due("57P01") for _ in range(4)] == [0, None, None, None]
    assert seldom.due("57P02") == 0
    clock.now = QUIET_SECONDS
    assert seldom.due("57P01") == 3
    clock.now *= 2
    assert seldom.due("57P01") == 0


def test_a_library_says_the_same_of_many_connections_once(caplog):
    log = logging.getLogger("tests.seldom")
    log.addFilter(Seldom(Clock()))

    for number in range(9):
        log.warning("discarding closed connection: %s", number)
        log.warning("error connecting: %s", number)

    assert [record.getMessage() for record in caplog.records] == [
        "discarding closed connection: 0",
        "error connecting: 0",
    ]
