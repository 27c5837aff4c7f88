"""Whose address counts: the visitor's on a browser's post, never a trusted caller's."""

from dataclasses import replace

import pytest
from flask import Flask

from shared.settings import load
from shared.web.context import EXTENSION, Context
from shared.web.visitor import visitor

BROWSER = {"Origin": "https://shop.example"}


def seen(headers, peer="198.51.100.7", proxies=0):
    app = Flask(__name__)
    settings = replace(load({}), trusted_proxies=proxies)
    app.extensions[EXTENSION] = Context("t", settings, None, None, b"")
    with app.test_request_context(headers=headers, environ_base={"REMOTE_ADDR": peer}):
        return visitor()


def test_a_browsers_own_address_is_the_visitors():
    assert seen(BROWSER) == "198.51.100.7"


def test_a_server_that_calls_has_no_visitor():
    assert seen({}) is None


def test_an_unannounced_proxy_hides_the_visitor():
    assert seen(BROWSER | {"X-Forwarded-For": "203.0.113.9"}) is None


def test_behind_one_trusted_proxy_the_last_address_counts():
    forwarded = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}

    assert seen(BROWSER | forwarded, proxies=1) == "203.0.113.9"


@pytest.mark.parametrize("forwarded", ["", "nonsense", "203.0.113.9"])
def test_a_chain_shorter_than_announced_is_not_believed(forwarded):
    assert seen(BROWSER | {"X-Forwarded-For": forwarded}, proxies=2) is None


def test_this_machine_is_no_visitor():
    assert seen(BROWSER, peer="127.0.0.1") is None
