"""The page of alerts in a real browser, reading the real stream."""

import json
from dataclasses import replace

import psycopg
import pytest

import leadfly.app
import leadfly.stream
from bench.served import free_port
from services.alerts.words import Words
from shared.web.service import KEY_SNAPSHOT
from tests.e2e.browser.conftest import served_at
from tests.security.tenants import Tenant
from tests.services.alerts.live.streams import raise_one

PAGE = "/lead-discovery/alerts"

TITLES = "[...document.querySelectorAll('#alerts .title')].map(e => e.textContent)"

STATE = "document.querySelector('#connection').dataset.state"

OPEN = "document.querySelector('#details').open"


class Shown:
    """The page of one account on services of its own, and the stream beside them."""

    def __init__(self, browser, settings, stack, streamed=True):
        self.browser, self.port, self.stream_port = browser, free_port(), free_port()
        chosen = replace(settings, port=self.port, stream_port=self.stream_port)
        self.app = leadfly.app.create_app(chosen)
        stack.callback(self.app.extensions["leadfly"].database.close)
        stack.callback(self.app.extensions[KEY_SNAPSHOT].stop)
        stack.enter_context(served_at(self.port, self.app))
        self._settings, self._stack = chosen, stack
        if streamed:
            self.stream()

    def stream(self):
        """Begin to stream."""
        app = leadfly.stream.create_app(self._settings)
        self._stack.callback(app.extensions["leadfly"].database.close)
        self._stack.callback(app.extensions[KEY_SNAPSHOT].stop)
        self._stack.enter_context(served_at(self.stream_port, app))
        self._stack.callback(leadfly.stream.close, app)
        self.streaming = app

    def open(self, query="", state="live"):
        self.browser.open(f"http://localhost:{self.port}{PAGE}{query}")
        if state:
            self.browser.wait(f"{STATE} === '{state}'")

    def titles(self, *expected):
        """Wait until the list shows *expected*, newest first."""
        self.browser.wait(f"JSON.stringify({TITLES}) === {js(list(expected))}")

    def click(self, title, act):
        self.browser.run(f"{row(title)}.querySelector('[data-act={act}]').focus()")
        self.browser.press("Enter", 13)


def js(value):
    """Return what JSON.stringify makes of *value*, as a JavaScript text."""
    return json.dumps(json.dumps(value, separators=(",", ":")))


def row(title):
    return (
        "[...document.querySelectorAll('#alerts > li')]"
        f".find(e => e.querySelector('.title').textContent === '{title}')"
    )


@pytest.fixture
def shown(browser, local_settings, stack):
    browser.resize(1280)
    return Shown(browser, local_settings, stack)


@pytest.fixture
def raised(database, gate, user_id):
    def raise_alert(title="An alert", **fields):
        return raise_one(database, gate, user_id, words=Words(title, "Why."), **fields)

    return raise_alert


def test_a_new_alert_appears_by_itself_and_is_said(browser, shown, raised, user_id):
    raised("Was there")
    shown.open(f"?user_id={user_id}")
    shown.titles("Was there")

    raised("Came later", priority="urgent")

    shown.titles("Came later", "Was there")
    said = browser.run("document.querySelector('#news').textContent")
    assert said == "New alert, urgent: Came later"
    assert browser.run("document.title").startswith("(2) ")
    assert browser.console == []


def test_what_an_alert_says_stays_text(browser, shown, raised, user_id):
    title = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    raised(title)
    shown.open(f"?user_id={user_id}")
    shown.titles(title)
    browser.run("document.querySelector('#alerts .title').click()")
    browser.wait(OPEN)

    assert browser.run("document.querySelectorAll('#alerts script, #alerts img').length") == 0
    assert browser.run("window.hacked") is None
    assert browser.console == []


def test_an_alert_that_is_dealt_with_leaves_the_list_everywhere(browser, shown, raised, user_id):
    raised("Stays")
    id = raised("Goes")
    shown.open(f"?user_id={user_id}")
    shown.titles("Goes", "Stays")

    path = f"/api/v1/lead-discovery/alerts/{id}/dismiss"
    answer = shown.app.test_client().put(path, json={"user_id": user_id})

    assert answer.status_code == 200
    shown.titles("Stays")


def test_buttons_work_by_keyboard_and_keep_their_place(browser, shown, raised, user_id):
    raised("One")
    raised("Two")
    shown.open(f"?user_id={user_id}")
    shown.titles("Two", "One")

    shown.click("Two", "acknowledge")
    browser.wait(f"{row('Two')}.textContent.includes('acknowledged by local')")
    assert browser.run("document.activeElement.textContent") == "Two"

    shown.click("Two", "action")
    shown.titles("One")
    assert browser.run("document.activeElement.textContent") == "One"


def test_all_of_an_alert_is_shown_and_what_became_of_it(browser, shown, raised, user_id):
    id = raised("Whole")
    shown.open(f"?user_id={user_id}#{id}")
    browser.wait(OPEN)
    browser.wait("document.querySelector('.history')?.textContent.includes('Read by local')")

    browser.run("document.querySelector('#details-body input').focus()")
    browser.ask("Input.insertText", text="team-a")
    browser.press("Enter", 13)
    browser.wait("document.querySelector('.history')?.textContent.includes('Assigned to team-a')")
    browser.run("document.querySelector('#details-body [data-act=snooze]').click()")
    browser.wait("document.querySelector('.history')?.textContent.includes('Snoozed until')")

    facts = browser.run("document.querySelector('#details-body dl').textContent")
    assert "match score91" in facts
    browser.press("Escape", 27)
    browser.wait(f"!{OPEN}")
    assert browser.run("location.hash") == ""


def test_filters_are_kept_in_the_address(browser, shown, raised, user_id):
    raised("Low", priority="low")
    raised("High")
    shown.open(f"?user_id={user_id}")
    shown.titles("High", "Low")

    browser.run(
        "(e => { e.value = 'low'; e.dispatchEvent(new Event('change', {bubbles: true})) })"
        "(document.querySelector('#priority'))"
    )

    shown.titles("Low")
    raised("Another high one")
    raised("Another low one", priority="low")
    shown.titles("Another low one", "Low")
    assert "priority=low" in browser.run("location.search")


def test_without_a_stream_the_page_asks_and_goes_on_live_when_there_is_one(
    browser, local_settings, stack, raised, user_id
):
    browser.resize(1280)
    shown = Shown(browser, local_settings, stack, streamed=False)
    raised("Was there")
    shown.open(f"?user_id={user_id}", "asking")
    shown.titles("Was there")
    raised("Asked for")
    shown.titles("Asked for", "Was there")

    shown.stream()

    browser.wait(f"{STATE} === 'live'")
    raised("Streamed")
    shown.titles("Streamed", "Asked for", "Was there")


def test_nothing_is_missed_while_the_stream_is_away(browser, shown, raised, user_id):
    raised("Was there")
    shown.open(f"?user_id={user_id}")
    shown.titles("Was there")

    shown.streaming.extensions[leadfly.stream.HUB].close()
    raised("Meanwhile")

    shown.titles("Meanwhile", "Was there")
    assert browser.run(STATE) == "asking"


UNKNOWN_KEY = "This key is not known, or works no longer."


def test_with_keys_the_page_asks_for_one_and_forgets_it(
    browser, local_settings, stack, database, gate
):
    browser.resize(390)
    shown = Shown(browser, replace(local_settings, auth_mode="keys"), stack)
    tenant = Tenant(shown.app.test_client(), database)
    raise_one(database, gate, tenant.name, "Behind a key")
    shown.open(state=None)
    browser.wait("!document.querySelector('#key-form').hidden")
    assert browser.run("document.activeElement.id") == "key"

    browser.type("#key", "lf_wrong")
    browser.press("Enter", 13)
    browser.wait("document.querySelector('#key-problem').textContent !== ''")
    assert browser.run("document.querySelector('#key-problem').textContent") == UNKNOWN_KEY
    browser.type("#key", tenant.key)
    browser.press("Enter", 13)

    shown.titles("Behind a key")
    browser.wait(f"{STATE} === 'live'")
    assert tenant.key not in browser.run("document.documentElement.outerHTML + location.href")
    raise_one(database, gate, tenant.name, "Live")
    shown.titles("Live", "Behind a key")
    browser.click("#forget")
    browser.wait("!document.querySelector('#key-form').hidden")
    assert browser.run("sessionStorage.length") == 0
    assert browser.run("document.querySelectorAll('#alerts > li').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_phone_and_desk(browser, shown, raised, user_id, tmp_path, width, scheme):
    raised("Averylongwordwithoutanyspaces" * 5)
    id = raised("High value match: premium growth capital for a company in San Francisco")
    browser.resize(width, scheme=scheme)
    for name, anchor in (("list", ""), ("details", f"#{id}")):
        shown.open("", None)
        shown.open(f"?user_id={user_id}{anchor}")
        browser.wait("document.querySelectorAll('#alerts > li').length === 2")
        if anchor:
            browser.wait(OPEN)
        browser.screenshot(tmp_path / f"{name}-{width}-{scheme}.png")

        assert browser.run("document.documentElement.scrollWidth") <= width
        assert browser.run(SMALL) == []
        assert browser.console == []


SMALL = (
    "[...document.querySelectorAll('.acts button, select, input')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
)
"""Controls smaller than a finger can hit (WCAG 2.2, 2.5.8: 24 CSS pixels)."""


def test_the_most_urgent_of_the_open_alerts_stand_first(browser, shown, raised, user_id):
    for title, priority in (("Old", "urgent"), ("Middle", "low"), ("New", "medium")):
        raised(title, priority=priority)

    shown.open(f"?user_id={user_id}")
    shown.titles("Old", "New", "Middle")
    assert "most urgent first" in browser.run("document.querySelector('#order').innerText")
    shown.open(f"?user_id={user_id}&status=")

    shown.titles("New", "Middle", "Old")


def test_an_urgent_alert_stands_first_however_many_newer_ones_there_are(
    browser, shown, raised, user_id
):
    raised("Long ago", priority="urgent")
    raised("Before the page's end", priority="low")
    for number in range(50):
        raised(f"Number {number}", priority="low")
    first = f"{TITLES}.slice(0, 2).join()"

    shown.open(f"?user_id={user_id}")
    browser.wait(f"{first} === 'Long ago,Number 49'")
    browser.run("document.querySelector('#more').click()")

    browser.wait(f"{TITLES}.length === 52")
    assert browser.run(f"{TITLES}.at(-1)") == "Before the page's end"
    assert browser.run(first) == "Long ago,Number 49"


EMPTY = "document.querySelector('#none').innerText"


def test_an_empty_page_says_why_it_is_empty(browser, shown, raised, user_id):
    raised("There", priority="low")
    shown.open(f"?user_id={user_id}&priority=urgent")
    browser.wait(f"{EMPTY}.startsWith('No alert is like that.')")

    shown.open(f"?user_id={user_id}x")
    browser.wait(f"{EMPTY}.startsWith('No open alerts.')")

    assert "anonymous" not in browser.run(EMPTY)


def test_who_names_no_account_is_told_whose_alerts_these_are(browser, shown, owner_conninfo):
    with psycopg.connect(owner_conninfo) as conn:
        conn.execute("DELETE FROM alerts.alerts WHERE tenant_id = 'anonymous'")

    shown.open()

    browser.wait(f"{EMPTY}.includes('account anonymous')")
    assert browser.run("document.querySelector('#account').hidden") is False
