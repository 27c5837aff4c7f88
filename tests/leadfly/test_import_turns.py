"""Whose turn it is, with threads for the processes that take rows in."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import Pipe

import pytest

from leadfly.import_turns import CrewDied, Done, Inside, Rows, Turn, Turns
from services.dedup.imports.job import Import, Options
from services.dedup.imports.sheet import SheetRow
from services.dedup.imports.taking import Overtaken
from shared.errors import Unavailable
from shared.ids import uuid7

SECONDS = 30.0


def job(done_until=0):
    now = datetime.now(UTC)
    about = Options("import", "US"), "importing", "csv", 1, now, "local"
    return Import(uuid7(), "acme", *about, done_until=done_until)


class Member(threading.Thread):
    """Takes rows in as it is told by *play*, which is given the first row's number."""

    def __init__(self, pipe, play):
        super().__init__(daemon=True)
        self.pipe, self.play, self.number = pipe, play, 0

    def run(self):
        try:
            while True:
                said = self.pipe.recv()
                if isinstance(said, Rows):
                    self.number = said.rows[0].number
                elif isinstance(said, Turn):
                    done = self.play(self, self.number, said)
                    if done is None:
                        return self.pipe.close()
                    self.pipe.send(done)
        except EOFError:
            pass

    def let_in(self, *keys):
        self.pipe.send(Inside(frozenset(keys)))

    def turn(self, told):
        """Return the import with all before, None if these rows are to begin anew."""
        return told.job or self.pipe.recv()


@contextmanager
def line(play, members=3):
    pairs = [Pipe() for _ in range(members)]
    for _, theirs in pairs:
        Member(theirs, play).start()
    yield [ours for ours, _ in pairs]
    for ours, _ in pairs:
        ours.close()


def stretches(count):
    return iter([[SheetRow(number, ["x"])] for number in range(2, 2 + count)])


def taken(play, count=6, members=3):
    with line(play, members) as pipes:
        return Turns(pipes, stretches(count)).take(job())


def test_stretches_are_in_in_the_order_of_the_file():
    order = []

    def play(member, number, told):
        member.let_in(number)
        after = member.turn(told)
        order.append((number, after.done_until))
        return Done(job(number))

    assert taken(play).done_until == 7
    assert order == [(2, 0), (3, 2), (4, 3), (5, 4), (6, 5), (7, 6)]


def test_the_next_begins_while_the_one_before_it_is_under_way():
    second_began = threading.Event()

    def play(member, number, told):
        if number == 3:
            second_began.set()
        member.let_in(number)
        if number == 2:
            assert second_began.wait(SECONDS)
        member.turn(told)
        return Done(job(number))

    assert taken(play, count=2).done_until == 3


def test_the_next_hears_which_keys_are_held():
    held = {}

    def play(member, number, told):
        held[number] = told.held, told.job is None
        member.let_in(number * 10)
        if number < 4:
            assert all_began.wait(SECONDS)
        else:
            all_began.set()
        member.turn(told)
        return Done(job(number))

    all_began = threading.Event()
    taken(play, count=3)

    assert held == {2: (set(), False), 3: ({20}, True), 4: ({20, 30}, True)}


def test_nobody_begins_behind_one_that_lets_nobody_in():
    under_way = []

    def play(member, number, told):
        assert told.job is not None
        under_way.append(number)
        assert len(under_way) == 1
        under_way.clear()
        return Done(job(number))

    assert taken(play).done_until == 7


def test_one_that_fails_is_taken_again_by_itself_and_those_behind_it_begin_anew():
    begun, ended = [], []

    def play(member, number, told):
        begun.append((number, told.alone))
        if told.alone:
            ended.append(number)
            return Done(job(number))
        member.let_in(number)
        if number == 3 and (4, False) not in begun:
            assert third_began.wait(SECONDS)
            return Done(None, Unavailable("The database gave up."))
        if number == 4:
            third_began.set()
        if member.turn(told) is None:
            return Done(None, Unavailable("withdrawn"))
        if number == 3:
            return Done(None, Unavailable("The database gave up."))
        ended.append(number)
        return Done(job(number))

    third_began = threading.Event()

    assert taken(play).done_until == 7
    assert ended == [2, 3, 4, 5, 6, 7]
    assert (3, True) in begun
    assert begun.count((4, False)) == 2


def test_one_that_is_overtaken_ends_it():
    def play(member, number, told):
        return Done(None, Overtaken("cancelled"))

    with pytest.raises(Overtaken):
        taken(play)


def test_what_fails_by_itself_too_ends_it():
    def play(member, number, told):
        return Done(None, Unavailable("The database is away."))

    with pytest.raises(Unavailable, match="away"):
        taken(play)


def test_a_process_that_dies_is_noticed():
    with pytest.raises(CrewDied):
        taken(lambda member, number, told: None)
