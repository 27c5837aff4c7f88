"""docs/lead-form.html in a real browser, on one site, posting to services of another."""

import time

import pytest

from shared.privacy.modes import MODES

PATH = "/webhook/leadfly/duplicate-prevention"

HUMAN_SECONDS = 1.7
"""Longer than a machine takes to fill the form."""


def fill(browser, **fields):
    for name, text in fields.items():
        browser.type(f"[name={name}]", text)


def submit(browser, clicks=1):
    browser.click("#lead-form button", clicks)
    return outcome(browser)


def outcome(browser):
    state = "document.querySelector('#lead-form-state').dataset.state"
    browser.wait(f"{state} !== undefined && {state} !== 'sending'")
    return browser.run(state)


def marked(browser):
    return browser.run("[...document.querySelectorAll('[aria-invalid=true]')].map(e => e.id)")


def test_a_message_is_stored_once_however_often_send_is_clicked(browser, opened, stored):
    opened()
    fill(browser, first_name="Ada", last_name="Lovelace", email="ada@example.org")
    time.sleep(HUMAN_SECONDS)

    assert submit(browser, clicks=3) == "sent"
    assert stored() == 1
    assert browser.run("document.querySelector('#lead-form').hidden")
    assert browser.run("document.activeElement.id") == "lead-form-state"
    assert browser.console == []


def test_somebody_known_gets_the_same_thanks(browser, opened, site, stored):
    app = opened()
    known = {"email": "ada@example.org", "user_id": site.user_id, "source_id": "crm"}
    app.test_client().post(PATH, json=known)
    fill(browser, email="ada@example.org")

    assert submit(browser) == "sent"
    assert stored() == 2
    assert "known" not in browser.run("document.querySelector('#lead-form-state').textContent")


def test_who_cannot_be_reached_is_told_where_and_can_go_on(browser, opened, stored):
    opened()
    fill(browser, first_name="Ada")

    assert submit(browser) == "refused"
    assert marked(browser) == ["email"]
    assert browser.run("document.activeElement.id") == "email"
    assert stored() == 0

    fill(browser, email="ada@example.org")
    assert submit(browser) == "sent"
    assert stored() == 1


def test_a_strict_installation_asks_for_the_tick(browser, opened, stored):
    opened(mode=MODES["gdpr_strict"])
    fill(browser, email="ada@example.org")

    assert submit(browser) == "refused"
    assert marked(browser) == ["consent"]
    assert stored() == 0

    browser.click("#consent")
    assert submit(browser) == "sent"
    assert stored() == 1


def test_a_site_that_is_not_listed_stores_nothing(browser, opened, stored):
    opened(lead_form_origins=frozenset({"https://www.other.example"}))
    fill(browser, email="ada@example.org")

    assert submit(browser) == "failed"
    assert stored() == 0


def test_a_site_that_is_not_listed_stores_nothing_without_its_script_either(
    browser, opened, stored
):
    opened(lead_form_origins=frozenset())
    fill(browser, email="ada@example.org")
    browser.run("document.querySelector('#lead-form').submit()")
    browser.wait(f"location.pathname === '{PATH}'")

    assert '"success":false' in browser.run("document.body.textContent")
    assert stored() == 0


def test_services_that_are_away_lose_nothing(browser, site, run_services, stored):
    browser.open(site.url)
    fill(browser, email="ada@example.org")
    assert submit(browser) == "failed"

    _, address = run_services(lead_form_origins=frozenset({site.origin}))
    browser.run(f"document.querySelector('#lead-form').action = '{address}{PATH}'; true")
    browser.click("#lead-form button")
    browser.wait("document.querySelector('#lead-form-state').dataset.state === 'sent'")
    assert stored() == 1


def test_a_message_changed_after_its_answer_was_lost_is_sent_anew(browser, opened, site, stored):
    app = opened()
    lost = browser.run("document.querySelector('[name=submission_id]').value")
    first = {"email": "ada@example.org", "submission_id": lost}
    app.test_client().post(
        PATH, json=first | {"user_id": site.user_id, "source_id": "website-contact"}
    )
    fill(browser, email="ada@example.org", company="Analytical Engines")

    assert submit(browser) == "sent"
    assert stored() == 2


def test_the_form_works_by_keyboard_and_skips_what_people_cannot_see(browser, opened, stored):
    opened()
    browser.run("document.activeElement.blur()")
    visited = []
    while "" not in visited[-1:]:
        browser.press("Tab", 9)
        visited.append(browser.run("document.activeElement.name"))
        if visited[-1] == "email":
            browser.ask("Input.insertText", text="ada@example.org")

    assert visited[:-1] == [
        "first_name", "last_name", "email", "phone", "company", "message", "consent[purposes]"
    ]  # fmt: skip
    assert browser.run("document.activeElement.localName") == "button"
    browser.press("Enter", 13)
    assert outcome(browser) == "sent"
    assert stored() == 1


def test_the_form_posts_without_javascript(browser, opened, stored):
    opened()
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(browser.run("location.href"))
        fill(browser, email="ada@example.org")
        browser.click("#lead-form button")
        browser.wait(f"location.pathname === '{PATH}'")

        assert '"action_taken":"allow_processing"' in browser.run("document.body.textContent")
        assert stored() == 1
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_fit_phone_and_desk(browser, opened, site, tmp_path, width, scheme):
    opened()
    for url in (site.url, f"{site.services}/docs"):
        browser.resize(width, scheme=scheme)
        browser.open(url)

        assert browser.run("document.documentElement.scrollWidth") <= width
        assert browser.console == []
        browser.screenshot(tmp_path / f"{url.rpartition('/')[2]}-{width}-{scheme}.png")
