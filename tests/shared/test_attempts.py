import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from shared import attempts
from shared.attempts import Busy, NoLock, exclusive, only_one

ROOT = Path(__file__).resolve().parents[2]

HOLDER = """
import sys
from pathlib import Path
from uuid import UUID
from shared.attempts import only_one
with only_one(Path(sys.argv[1]), UUID(sys.argv[2]), 1):
    print("held", flush=True)
    sys.stdin.read()
"""

COUNTER = """
import sys, threading
from pathlib import Path
from uuid import UUID
from shared.attempts import only_one
folder, receipt = Path(sys.argv[1]), UUID(sys.argv[2])
def count():
    for _ in range(50):
        with only_one(folder, receipt, 30):
            number = int((folder / "count").read_text())
            (folder / "count").write_text(str(number + 1))
threads = [threading.Thread(target=count) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def python(script, *args):
    command = [sys.executable, "-c", script, *map(str, args)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.fixture
def holder(tmp_path):
    """Start processes that hold a receipt until they are told, or die."""
    with ExitStack() as stack:

        def start(receipt):
            process = stack.enter_context(python(HOLDER, tmp_path, receipt))
            stack.callback(process.kill)
            assert process.stdout.readline() == b"held\n"
            return process

        yield start


def test_threads_and_processes_take_turns(tmp_path):
    receipt = uuid4()
    (tmp_path / "count").write_text("0")

    both = [python(COUNTER, tmp_path, receipt) for _ in range(2)]

    assert [process.communicate(timeout=60) and process.returncode for process in both] == [0, 0]
    assert (tmp_path / "count").read_text() == "200"


def test_another_process_is_waited_for_with_patience_only(tmp_path, holder):
    receipt = uuid4()
    holder(receipt)
    begun = time.monotonic()

    with pytest.raises(Busy, match="still running"), only_one(tmp_path, receipt, 0.1):
        pass

    assert 0.1 <= time.monotonic() - begun < 10


def test_another_thread_of_this_process_is_kept_out_too(tmp_path):
    receipt, seen = uuid4(), []

    def second():
        try:
            with only_one(tmp_path, receipt, 0.05):
                seen.append("in")
        except Busy:
            seen.append("busy")

    with only_one(tmp_path, receipt, 0):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert seen == ["busy"]


def test_different_receipts_do_not_wait(tmp_path, holder):
    holder(uuid4())

    with only_one(tmp_path, uuid4(), 0), only_one(tmp_path, uuid4(), 0):
        pass


def test_the_death_of_the_holder_lets_the_next_one_in(tmp_path, holder):
    receipt = uuid4()
    process = holder(receipt)
    process.kill()

    with only_one(tmp_path, receipt, 1):
        pass


def test_an_error_inside_gives_the_lock_back(tmp_path):
    receipt = uuid4()
    with pytest.raises(ZeroDivisionError), only_one(tmp_path, receipt, 0):
        raise ZeroDivisionError

    with only_one(tmp_path, receipt, 0):
        pass


def test_a_forked_child_neither_keeps_nor_breaks_its_parents_lock(tmp_path):
    receipt = uuid4()
    (told, tell), (heard, say) = os.pipe(), os.pipe()
    with only_one(tmp_path, receipt, 0):
        child = os.fork()
        if child == 0:
            os.close(tell)
            try:
                with only_one(tmp_path, receipt, 0):
                    os.write(say, b"in")
            except Busy:
                os.write(say, b"busy")
            os.read(told, 1)  # lives on until the parent is done
            os._exit(0)
        assert os.read(heard, 4) == b"busy"

    with only_one(tmp_path, receipt, 0):
        pass

    os.close(tell)
    assert os.waitpid(child, 0)[1] == 0
    for descriptor in (told, heard, say):
        os.close(descriptor)


def test_a_child_that_leaves_the_block_it_was_forked_in_frees_nothing(tmp_path):
    receipt = uuid4()
    with ExitStack() as stack:
        stack.enter_context(only_one(tmp_path, receipt, 0))
        child = os.fork()
        if child == 0:
            stack.close()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        process = python(HOLDER, tmp_path, receipt)  # its patience is a second
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(timeout=0.5)
        process.kill()
        process.communicate()


def test_descriptors_are_used_again(tmp_path):
    before = len(os.listdir("/dev/fd"))
    for _ in range(100):
        with only_one(tmp_path, uuid4(), 0):
            pass

    assert len(os.listdir("/dev/fd")) <= before + 1


@pytest.mark.parametrize("by_bytes", {True: attempts.BYTES, False: True})
def test_either_kind_of_lock_excludes_and_ends(tmp_path, by_bytes):
    if by_bytes and not attempts.BYTES:
        pytest.skip("this system locks no bytes for an open file description")
    path = str(tmp_path / "some.lock")

    with exclusive(path, 7, 0, by_bytes):
        with pytest.raises(Busy), exclusive(path, 7, 0.01, by_bytes):
            pass
        with exclusive(path, 8, 0, by_bytes):
            pass

    with exclusive(path, 7, 0, by_bytes):
        pass


def test_where_nothing_can_be_locked_the_caller_is_told_to_try_again(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(NoLock), only_one(tmp_path / "file", uuid4(), 0):
        pass
