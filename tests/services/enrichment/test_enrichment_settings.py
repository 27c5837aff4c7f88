"""The settings of enrichment."""

import pytest

from shared import settings
from shared.errors import SettingsError


def loaded(tmp_path, **environ):
    return settings.load({"LEADFLY_HOME": str(tmp_path)} | environ)


def test_dns_servers_are_addresses_perhaps_with_a_port(tmp_path):
    said = loaded(tmp_path, DNS_SERVERS="192.0.2.1, 127.0.0.1:5353,[2001:db8::1]:54,2001:db8::2")

    assert said.dns_servers == (
        ("192.0.2.1", 53),
        ("127.0.0.1", 5353),
        ("2001:db8::1", 54),
        ("2001:db8::2", 53),
    )


@pytest.mark.parametrize("text", ["ns.corp.example", "192.0.2.1:0", "192.0.2.1:99999", "[::1", "1"])
def test_what_is_no_address_is_refused(tmp_path, text):
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, DNS_SERVERS=text)

    assert list(refused.value.details) == ["DNS_SERVERS"]


def test_without_settings_this_machines_servers_are_asked_and_no_profiler(tmp_path):
    said = loaded(tmp_path)

    assert (said.dns_servers, said.profiler_url, said.profiler_key) == ((), None, None)


def test_a_profiler_without_a_key_is_refused(tmp_path):
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, PROFILER_URL="https://profiler.example")

    assert list(refused.value.details) == ["PROFILER_KEY"]


def test_a_key_without_a_profiler_is_refused(tmp_path):
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, PROFILER_KEY="0123456789abcdef")

    assert list(refused.value.details) == ["PROFILER_URL"]


@pytest.mark.parametrize(
    "url", ["http://profiler.example", "https://10.0.0.7", "https://profiler.example:25"]
)
def test_a_profiler_that_may_not_be_asked_refuses_the_start(tmp_path, url):
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, PROFILER_URL=url, PROFILER_KEY="0123456789abcdef")

    assert list(refused.value.details) == ["PROFILER_URL"]


def test_a_profiler_of_the_operators_own_network_may_be_asked_by_http(tmp_path):
    said = loaded(
        tmp_path,
        PROFILER_URL="http://profiler.internal:9000",
        PROFILER_KEY="0123456789abcdef",
        LEADFLY_ALLOWED_PRIVATE_HOSTS="profiler.internal:9000",
    )

    assert said.profiler_url == "http://profiler.internal:9000"
