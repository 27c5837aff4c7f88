"""The crawler keeps its manners with several hosts at once; the benchmark measures fifty."""

import pytest

from bench.crawler import crawled


@pytest.fixture(scope="module")
def seen():
    return crawled(5, 3, (1.0, 1.2))


def test_a_host_is_asked_one_request_at_a_time(seen):
    assert max(host.most_at_once for host in seen.hosts) == 1


def test_a_host_has_its_delay(seen):
    assert seen.spare >= 0


def test_hosts_are_visited_side_by_side(seen):
    one_after_the_other = sum(2 * (host.delay_seconds + 0.3) for host in seen.hosts)

    assert seen.finds == 150
    assert seen.seconds < one_after_the_other


def test_the_longest_time_without_a_word_of_progress_is_measured(seen):
    assert 0 < seen.longest_silence < seen.seconds
