"""Discovering: a job asks its sources, and what they find becomes leads; the worker's part.

How far each source is stands in the transaction that notes what its finds became. A worker that
dies leaves a claim that soon ends; whoever goes on asks the sources anew that had not ended, and
finds are known by their keys. See docs/decisions/0058.
"""

import logging
import queue
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread
from uuid import UUID, uuid4

from services.discovery import find_store, job_store
from services.discovery.admitting import AT_A_TIME, Became, Waits, admit
from services.discovery.desk import Workshop
from services.discovery.find import Find, Passed
from services.discovery.job import Job, SourceState
from services.discovery.questioning import Ended, Question, Said, heard
from services.discovery.sources.registry import named
from services.discovery.sources.source import Progress, Reach
from shared.errors import Conflict, NotFound, Unavailable

CLAIM = timedelta(seconds=15)
"""How long a job stays ours after its last sign of life: it gives one at least every second, and
a statement takes 10 s at most."""

MOST_TRIES = 5
"""Times that a job is begun by workers who never bring it to its end."""

SIDE_BY_SIDE = 4
"""Sources of one job that are asked at a time."""

LOOK_SECONDS = 0.1
"""How long to wait for the next thing that a source says before looking after the others."""

FEWEST, PART_SECONDS = 10, 0.3
"""Finds that are admitted at a time at least, and how long a part should take: it is cut by how
long the one before took, so that progress is told on a busy machine, too."""

SAVE_SECONDS = 0.4
"""How often at least it is written how far a job is (issue: progress at least every second)."""

MOST_TENANTS = 100
"""Accounts that one look for due jobs finds."""

AWAY = timedelta(seconds=5)
"""When to go on after the database was away."""

UNSTORED_SECONDS = 0.5
"""How often to look for a lead that waits in the spool: as often as the reconciler does."""

Stop = Callable[[], bool]

log = logging.getLogger(__name__)


def follow(shop: Workshop, stop: Stop) -> None:
    """Work off all accounts' jobs until none is due or *stop*."""
    while not stop():
        with shop.desk.database.lookup() as conn:
            due = job_store.due(conn, datetime.now(UTC), MOST_TENANTS)
        if not any([run(shop, tenant_id, job_id, stop) for tenant_id, job_id in due]):
            return


def run(shop: Workshop, tenant_id: str, job_id: UUID, stop: Stop) -> bool:
    """Go on with a job to its end, or until *stop*; False if it is not to be had."""
    if stop():
        return False
    ours, now = uuid4(), datetime.now(UTC)
    with shop.desk.database.transaction(tenant_id) as conn:
        tries = job_store.claim(conn, tenant_id, job_id, ours, now, CLAIM)
        if tries is None:
            return False
        if tries > MOST_TRIES:
            job_store.end(conn, tenant_id, job_id, "failed", now, _WORN_OUT)
            return True
        job = job_store.one(conn, shop.desk.gate, tenant_id, job_id)
    assert job is not None  # nobody deletes a job that has not ended
    try:
        _Run(shop, tenant_id, job, ours).work(stop)
    except _Closed:
        with shop.desk.database.transaction(tenant_id) as conn:
            job_store.end(conn, tenant_id, job_id, "cancelled", datetime.now(UTC), _CLOSED)
    except Waits:
        # A try of its own: the database is there, so what still waits then never comes out.
        _give_back(shop, tenant_id, job_id, ours, is_try=True)
    except Unavailable:
        _give_back(shop, tenant_id, job_id, ours, AWAY)
        raise
    except Exception as error:
        # Not with its traceback: the error may quote what was found.
        fault = {"job": str(job_id), "error": type(error).__name__}
        log.error("a discovery failed; it is begun again", extra={"fields": fault})
        time.sleep(LOOK_SECONDS)
    return True


def _give_back(
    shop: Workshop,
    tenant_id: str,
    job_id: UUID,
    ours: UUID,
    wait: timedelta = timedelta(0),
    is_try: bool = False,
) -> None:
    with shop.desk.database.transaction(tenant_id) as conn:
        job_store.give_back(conn, tenant_id, job_id, ours, datetime.now(UTC) + wait, is_try)


class _Closed(Exception):
    """No lead may join the investigation any more."""


class _Run:
    """One job, for as long as this process works on it."""

    def __init__(self, shop: Workshop, tenant_id: str, job: Job, ours: UUID):
        self._shop, self._tenant_id, self._job, self._ours = shop, tenant_id, job, ours
        self._states = {state.place: state for state in job.sources}
        self._stored = dict(self._states)
        self._to_ask = [state.place for state in job.sources if not state.over]
        self._asking: dict[int, Question] = {}
        self._heard = heard()
        self._finds: list[tuple[int, Find]] = []
        self._counted: set[tuple[int, int]] = set()
        self._saved_at = time.monotonic()
        self._part = FEWEST
        self._over = Event()

    def work(self, stop: Stop) -> None:
        """Work until all sources have ended, the job is ours no more, or *stop*."""
        alive = Thread(target=self._stay_alive, name="discovery alive", daemon=True)
        alive.start()
        try:
            self._shop.desk.investigations.catch_up(self._tenant_id)
            while self._to_ask or self._asking or not self._heard.empty():
                self._ask_more()
                self._listen()
                self._give_up()
                if self._is_time_to_save() and not self._saved():
                    return
                if stop():
                    if self._saved():
                        _give_back(self._shop, self._tenant_id, self._job.id, self._ours)
                    return
            if self._saved():
                self._end()
        finally:
            self._over.set()
            for question in self._asking.values():
                question.stop()

    def _stay_alive(self) -> None:
        """Renew the claim, and tell so, while a part takes its time."""
        while not self._over.wait(SAVE_SECONDS):
            if time.monotonic() - self._saved_at < SAVE_SECONDS:
                continue
            with (
                suppress(Unavailable),
                self._shop.desk.database.transaction(self._tenant_id) as conn,
            ):
                now = datetime.now(UTC)
                job_store.renew(conn, self._tenant_id, self._job.id, self._ours, now, CLAIM)

    def _ask_more(self) -> None:
        while self._to_ask and len(self._asking) < SIDE_BY_SIDE:
            place = self._to_ask.pop(0)
            asked = self._job.wanted.sources[place]
            source = named(self._shop.desk.sources, asked.type)
            self._states[place] = self._states[place].begun(datetime.now(UTC))
            if source is None:  # another version of ours knew it
                self._note(place, Ended("not_asked", "There is no such source any more."))
                continue
            question = Question(place, source, asked, self._heard)
            self._asking[place] = question
            question.start(self._tenant_id, self._job.wanted.criteria, partial(_reach, self._shop))

    def _listen(self) -> None:
        """Note what sources say, as much as is admitted at a time."""
        wait = LOOK_SECONDS
        while len(self._finds) < self._part:
            try:
                place, said = self._heard.get(timeout=wait) if wait else self._heard.get_nowait()
            except queue.Empty:
                return
            self._note(place, said)
            wait = 0.0

    def _note(self, place: int, said: Said) -> None:
        state = self._states[place]
        if state.over:
            return  # it was given up
        if isinstance(said, Find):
            self._finds.append((place, said))
        elif isinstance(said, Passed):
            self._states[place] = state.passing(said.reason)
        elif isinstance(said, Progress):
            self._states[place] = replace(state, done=said.done, total=said.total)
        else:
            self._asking.pop(place, None)
            now = datetime.now(UTC)
            self._states[place] = replace(
                state, status=said.status, reason=said.reason, ended_at=now
            )

    def _give_up(self) -> None:
        """Wait no longer for sources that hang."""
        for place, question in list(self._asking.items()):
            why = question.given_up(self._shop.patience)
            if why:
                question.stop()
                self._note(place, Ended("unavailable", why))

    def _is_time_to_save(self) -> bool:
        full = len(self._finds) >= self._part
        return full or time.monotonic() - self._saved_at >= SAVE_SECONDS

    def _saved(self) -> bool:
        """Have finds become leads and write down how far all is; False if it is ours no more."""
        finds, self._finds = self._finds, []
        began = time.monotonic()
        became = self._admitted(finds) if finds else []
        now, gate = datetime.now(UTC), self._shop.desk.gate
        with self._shop.desk.database.transaction(self._tenant_id) as conn:
            if not job_store.renew(conn, self._tenant_id, self._job.id, self._ours, now, CLAIM):
                return False
            there = find_store.there(
                conn, self._tenant_id, [each.kept.lead_id for each in became if each.kept]
            )
            became = [_as_it_is(each, there) for each in became]
            kept = [each.kept for each in became if each.kept]
            find_store.keep(conn, gate, self._tenant_id, self._job.id, kept, now)
            states = dict(self._states)
            for each in became:
                states[each.place] = _counted(states[each.place], each)
            for place, state in states.items():
                if state != self._stored[place]:
                    job_store.save_source(conn, self._tenant_id, self._job.id, state)
        self._states, self._stored = states, dict(states)
        self._saved_at = time.monotonic()
        if finds:
            rate = len(finds) / max(self._saved_at - began, 0.001)
            self._part = max(FEWEST, min(AT_A_TIME, int(rate * PART_SECONDS)))
        return True

    def _admitted(self, finds: list[tuple[int, Find]]) -> list[Became]:
        wanted = self._job.wanted.investigation_id
        try:
            self._shop.desk.investigations.check_open(self._tenant_id, wanted)
        except (Conflict, NotFound):
            raise _Closed from None
        ends_at = time.monotonic() + self._shop.patience.stored
        while True:
            try:
                return admit(self._shop, self._tenant_id, self._job, finds, self._counted)
            except Waits:
                if time.monotonic() >= ends_at:
                    raise
            time.sleep(UNSTORED_SECONDS)

    def _end(self) -> None:
        with self._shop.desk.database.transaction(self._tenant_id) as conn:
            job_store.end(conn, self._tenant_id, self._job.id, "done", datetime.now(UTC))


def _reach(shop: Workshop, stop: Stop) -> Reach:
    return Reach(shop.settings, shop.door, shop.fetcher, shop.desk.database, shop.desk.gate, stop)


def _as_it_is(each: Became, there: set[UUID]) -> Became:
    """Return what became of a find whose lead may have been erased meanwhile."""
    if each.kept is None or each.kept.lead_id in there:
        return each
    return Became(each.place, "erased_before")


def _counted(state: SourceState, each: Became) -> SourceState:
    return replace(state, counts=state.counts.plus(each.counts))


_WORN_OUT = f"It was begun {MOST_TRIES} times and never came to its end."

_CLOSED = "The investigation was closed meanwhile; what was found before stays."
