import os
import uuid
from concurrent.futures import ThreadPoolExecutor

from shared.ids import POOL_BYTES, random_hex, uuid7


def test_each_id_is_greater_than_the_one_before():
    made = [uuid7() for _ in range(POOL_BYTES)]

    assert made == sorted(set(made))


def test_an_id_is_of_version_seven():
    made = uuid7()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_threads_never_get_the_same_random_bytes():
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: random_hex(16), range(4_000)))

    assert len(set(drawn)) == len(drawn)
    assert {len(one) for one in drawn} == {32}


def test_a_forked_child_has_random_bytes_of_its_own():
    uuid7()  # some are drawn already, and the rest is at hand
    reader, writer = os.pipe()

    child = os.fork()
    if child == 0:
        os.write(writer, random_hex(16).encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reader, 64).decode() != random_hex(16)
    os.close(reader)
    os.close(writer)
