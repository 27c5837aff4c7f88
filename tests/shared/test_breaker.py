"""While the database is away everyone is told at once, and when it is back nobody has to ask."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.breaker import BEAT_SECONDS, MOST_EXCUSED, Breaker
from shared.errors import Unavailable

NOTICED_SECONDS = 0.6
BACK_SECONDS = 2.0
OF_APP = "FROM pg_stat_activity WHERE usename = 'leadfly_app' AND backend_type = 'client backend'"
WRITE = "INSERT INTO public.schedules VALUES ('a test', now()) ON CONFLICT DO NOTHING"


def serves(database, statement="SELECT 1"):
    try:
        with database.transaction("t", patience=0.4) as conn:
            conn.execute(statement)
        return True
    except Unavailable:
        return False


def seconds_of(call):
    begun = time.monotonic()
    call()
    return time.monotonic() - begun


def test_a_hung_server_is_noticed_and_is_served_again_when_it_wakes_up(victim, watched, soon):
    victim.hang()
    assert soon(lambda: watched.away, NOTICED_SECONDS)

    victim.wake()

    assert soon(lambda: serves(watched), BACK_SECONDS)
    assert not watched.away


def test_who_waits_for_a_server_that_hangs_is_let_go(victim, watched):
    victim.hang()
    with ThreadPoolExecutor(12) as callers:  # more than there are connections: some wait for one
        begun = time.monotonic()
        asked = [callers.submit(serves, watched) for _ in range(12)]
        answers = {answer.result() for answer in asked}
        took = time.monotonic() - begun

    assert answers == {False}
    assert took < 5 * NOTICED_SECONDS


def test_a_lookup_without_patience_is_let_go_too(victim, watched):
    victim.hang()

    def look_up():
        with pytest.raises(Unavailable), watched.lookup() as conn:
            conn.execute("SELECT 1").fetchone()

    assert seconds_of(look_up) < 5 * NOTICED_SECONDS


def test_nobody_waits_while_it_is_away(victim, watched, soon):
    victim.hang()
    assert soon(lambda: watched.away, 2)

    assert seconds_of(lambda: [serves(watched) for _ in range(100)]) < 5
    assert watched.ready() == (False, "The database is away; nothing was stored.")


def test_a_stopped_server_is_noticed_and_served_again_when_it_runs(victim, watched, soon):
    victim.server.stop(hurry=True)
    assert soon(lambda: watched.away, NOTICED_SECONDS)
    assert not serves(watched)

    victim.server.start()

    assert soon(lambda: serves(watched), BACK_SECONDS)


def test_a_server_that_hangs_when_its_pulse_is_gone_is_noticed(victim, watched, soon):
    victim.command(f"SELECT pg_terminate_backend(pid) {OF_APP}")
    victim.hang()

    assert soon(lambda: watched.away, 2 * NOTICED_SECONDS)


def test_a_pulse_that_somebody_ends_is_taken_up_again(victim, watched):
    time.sleep(2 * BEAT_SECONDS)
    pulse = f"SELECT pid, pg_terminate_backend(pid) {OF_APP} AND query = 'SELECT 1' ORDER BY 1"
    assert victim.command(pulse)

    give_up = time.monotonic() + 1
    while time.monotonic() < give_up:
        assert not watched.away
        time.sleep(0.01)
    assert serves(watched)


def test_nobody_finds_the_dead_connections_when_all_are_ended(victim, watched):
    with ThreadPoolExecutor(4) as callers:
        assert all(callers.map(lambda _: serves(watched, "SELECT pg_sleep(0.1)"), range(4)))
    victim.command(f"SELECT pg_terminate_backend(pid) {OF_APP}")
    time.sleep(3 * BEAT_SECONDS)

    assert not watched.away
    assert all(serves(watched) for _ in range(20))


@pytest.mark.parametrize("scope", ["DATABASE leadfly", "SYSTEM"])
def test_a_server_that_is_read_only_is_away_until_it_takes_writes(victim, watched, soon, scope):
    victim.command(f"ALTER {scope} SET default_transaction_read_only = on")
    victim.command("SELECT pg_reload_conf()")
    victim.command(f"SELECT pg_terminate_backend(pid) {OF_APP}")

    assert soon(lambda: not serves(watched, WRITE) and watched.away, 2)
    for _ in range(50):
        assert watched.away
        time.sleep(0.01)

    victim.command(f"ALTER {scope} RESET default_transaction_read_only")
    victim.command("SELECT pg_reload_conf()")
    assert soon(lambda: serves(watched, WRITE), BACK_SECONDS)


def test_a_wait_for_a_lock_is_no_outage(victim, watched):
    with ThreadPoolExecutor(1) as callers, watched.transaction("t", [7]) as holder:
        holder.execute("SELECT 1").fetchone()
        waiting = callers.submit(held, watched)
        time.sleep(1)
        assert not watched.away
    assert waiting.result()


def held(database):
    with database.transaction("t", [7], patience=0.4) as conn:
        return conn.execute("SELECT 1").fetchone() == (1,)


class Patient:
    """What a breaker is told to do, and what it did."""

    def __init__(self):
        self.healthy, self.slow, self.said = True, 0.0, []
        self.opening = threading.Event()
        self.opening.set()

    def probe(self, thorough):
        time.sleep(self.slow)
        if not self.healthy:
            raise ConnectionError

    def opened(self):
        self.opening.wait(5)
        self.said.append("opened")

    def closing(self):
        self.said.append("closing")


@pytest.fixture
def patient():
    return Patient()


@pytest.fixture
def breaker(patient):
    breaker = Breaker(patient.probe, patient.opened, patient.closing, 0.02)
    breaker.start(patient.said.append)
    yield breaker
    breaker.stop()


def test_it_tells_of_every_change(patient, breaker, soon):
    patient.healthy = False
    assert soon(lambda: breaker.open, 2)
    patient.healthy = True
    assert soon(lambda: patient.said[-1] is False and len(patient.said) > 1, 2)

    assert patient.said == [False, "opened", True, "closing", False]


def test_it_is_open_before_anyone_is_let_go_and_closes_only_after(patient, breaker, soon):
    patient.opening.clear()
    tripping = threading.Thread(target=breaker.trip, args=("a test",))
    tripping.start()
    assert soon(lambda: breaker.open, 2)
    time.sleep(3 * BEAT_SECONDS)  # the probe is content meanwhile
    assert breaker.open and "closing" not in patient.said

    patient.opening.set()
    tripping.join()

    assert soon(lambda: not breaker.open, 2)
    assert patient.said.index("opened") < patient.said.index("closing")


def test_one_starved_probe_proves_nothing_and_many_do(patient, breaker, soon):
    patient.slow, patient.healthy = 0.05, False

    took = soon(lambda: breaker.open, 5)

    assert took and took > MOST_EXCUSED * (BEAT_SECONDS + 0.05)


def test_without_a_probe_it_never_opens(patient):
    breaker = Breaker(patient.probe, patient.opened, patient.closing, 0.02)

    breaker.trip("a test")

    assert not breaker.open
