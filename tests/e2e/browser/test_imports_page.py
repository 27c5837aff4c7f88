"""The page of imports in a real browser, from the file that is dropped to its undoing."""

import io
import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import openpyxl
import pytest

import leadfly.app
from bench.served import free_port
from services.dedup.imports import job_store
from services.dedup.imports.job import Counts
from shared.db import ERASER, Database
from shared.keyfile import keyring
from shared.web.service import KEY_SNAPSHOT
from tests.e2e.browser.conftest import served_at
from tests.security.tenants import Tenant
from tests.services.dedup.imports.engine import Engine

PAGE = "/lead-discovery/imports"

ADA = ("Ada", "Lovelace", "ada@analytical.example", "+1 212 555 0123", "Analytical Engines Ltd")
ALAN = ("Alan", "Turing", "alan@bletchley.example", "+1 312 555 0188", "Bletchley Park")
NOBODY = ("Nobody", "At all", "", "", "Nowhere Ltd")
HEADER = ("First Name", "Last Name", "E-Mail", "Phone", "Company")

PEOPLE = (HEADER, ADA, ALAN, NOBODY)

ELSEWHERE = (
    ("名前", "الهاتف", "Very long heading " + "withoutanyspaces" * 10, "Mail", "E-Mail"),
    ("山田 太郎", "+1 212 555 0123", "x" * 300, "taro@corp.example", "yamada@corp.example"),
    ("محمد علي", "+1 312 555 0188", "<b>bold</b>", "ali@corp.example", ""),
)


def csv(rows, newline="\n"):
    return newline.join(",".join(cells) for cells in (*rows, ())).encode()


def xlsx(rows, *more_sheets):
    book = openpyxl.Workbook()
    book.active.title = "People"
    for title in more_sheets:
        book.create_sheet(title).append(["Email"])
    for cells in rows:
        book.active.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


class Shown:
    """The page of one account on services of its own; the worker's part is done when told."""

    def __init__(self, browser, settings, stack, engine, folder):
        self.browser, self.engine, self.folder, self.port = browser, engine, folder, free_port()
        self.app = leadfly.app.create_app(replace(settings, port=self.port))
        stack.callback(self.app.extensions["leadfly"].database.close)
        stack.callback(self.app.extensions[KEY_SNAPSHOT].stop)
        stack.enter_context(served_at(self.port, self.app))

    def open(self, anchor="", wait="#start"):
        # A page of its own for each: one that differs by its anchor alone would not be loaded.
        self.browser.open("about:blank")
        query = f"?user_id={self.engine.tenant}" if self.engine else ""
        self.browser.open(f"http://localhost:{self.port}{PAGE}{query}{anchor}")
        if wait:
            self.appears(wait)

    def choose(self, content, name="people.csv"):
        """Choose a file as somebody does in the browser's own window."""
        path = self.folder / name
        path.write_bytes(content)
        field = self.browser.ask(
            "Runtime.evaluate", expression="document.querySelector('#file')", returnByValue=False
        )["result"]["objectId"]
        self.browser.ask("DOM.setFileInputFiles", files=[str(path)], objectId=field)

    def sent(self, content, name="people.csv"):
        self.choose(content, name)
        self.appears("#import")

    def appears(self, selector):
        self.browser.wait(f"!!document.querySelector({js(selector)})?.checkVisibility()")

    def gone(self, selector):
        self.browser.wait(f"!document.querySelector({js(selector)})?.checkVisibility()")

    def says(self, words, selector="#main"):
        self.browser.wait(
            f"document.querySelector({js(selector)})?.innerText.includes({js(words)})"
        )

    def text(self, selector):
        return self.browser.run(f"document.querySelector({js(selector)}).innerText")

    def press(self, words, within="#main"):
        """Press a button by the keyboard; the first whose words begin so."""
        self.browser.wait(f"!!{button(words, within)}")
        self.browser.run(f"{button(words, within)}.focus()")
        self.browser.press("Enter", 13)

    def choice(self, selector, value):
        self.browser.run(
            f"(e => {{ e.focus(); e.value = {js(value)};"
            "for (const kind of ['input', 'change'])"
            "e.dispatchEvent(new Event(kind, {bubbles: true})) })"
            f"(document.querySelector({js(selector)}))"
        )

    def work(self):
        """Do the worker's part of the import that is open."""
        id = self.browser.run("location.hash.slice(1)")
        self.browser.wait("!document.querySelector('[aria-busy]')")
        return self.engine.run(UUID(id))

    def previewed(self, content=None, name="people.csv"):
        self.sent(content or csv(PEOPLE), name)
        self.press("See what would happen")
        self.says("Being checked")
        self.work()
        self.says("What would happen")

    def imported(self):
        self.previewed()
        self.press("Store 2 leads")
        self.says("Being imported")
        self.work()
        self.says("What became of the rows")

    def numbers(self):
        return self.browser.run(
            "Object.fromEntries([...document.querySelectorAll('.outcome')]"
            ".map(e => [e.dataset.outcome, e.querySelector('.number').textContent]))"
        )


def js(value):
    return json.dumps(value)


def button(words, within):
    return (
        f"[...document.querySelectorAll({js(within + ' button')})]"
        f".find(e => e.checkVisibility() && e.innerText.startsWith({js(words)}))"
    )


@pytest.fixture
def engine(database, worker_database, server, local_settings, gate, user_id, stack):
    eraser = Database(
        server.conninfo(ERASER), keyring(local_settings).fingerprint, most=1, role=ERASER
    )
    stack.callback(eraser.close)
    return Engine(SimpleNamespace(one=worker_database, app=database), eraser, gate, user_id)


@pytest.fixture
def shown(browser, local_settings, stack, engine, tmp_path):
    browser.resize(1280)
    shown = Shown(browser, local_settings, stack, engine, tmp_path)
    shown.open()
    return shown


def test_a_file_is_understood_and_nothing_of_it_is_a_lead(shown, stored):
    shown.sent(csv(PEOPLE))

    assert shown.text("#title") == "people.csv"
    assert shown.browser.run(
        "[...document.querySelectorAll('.columns select')].map(e => e.value)"
    ) == ["first_name", "last_name", "email", "phone", "company"]
    assert "By its name" in shown.text(".columns li")
    assert "ada@analytical.example" in shown.text(".scroll")
    assert stored() == 0
    assert shown.browser.console == []


def test_a_file_is_previewed_confirmed_and_taken_back(shown, stored):
    shown.previewed()
    assert shown.numbers() == {
        "new": "2",
        "update": "0",
        "duplicate": "0",
        "conflict": "0",
        "refused": "1",
    }
    assert "2 leads will be stored: 2 new people. 1 row will be left out." in (
        shown.text("#decision")
    )
    assert stored() == 0

    shown.press("Store 2 leads")
    shown.says("Being imported")
    shown.work()
    shown.says("What became of the rows")
    assert stored() == 2

    shown.press("Take it back")
    shown.says("Take back 2 leads?", "#dialog")
    shown.press("Take it back", "#dialog")
    shown.says("Being undone")
    shown.work()
    shown.says("2 leads of this import were erased.")
    assert stored() == 0
    assert shown.browser.console == []


def test_how_far_it_is_and_how_long_it_takes_is_shown(shown, database, tmp_path):
    shown.previewed()
    shown.press("Store 2 leads")
    shown.says("It begins in a moment")
    id = UUID(shown.browser.run("location.hash.slice(1)"))

    with database.transaction(shown.engine.tenant) as conn:
        job = job_store.one(conn, shown.engine.tenant, id, locked=True)
        job = replace(
            job,
            rows_total=1_000_000,
            imported=Counts(new=250_000),
            started_at=datetime.now(UTC) - timedelta(seconds=125),
        )
        job_store.save(conn, shown.engine.tenant, job)

    shown.says("250,000 of 1,000,000 rows · ", "#progress")
    assert re.search(r"[12],\d{3} rows a second · about [67] minutes left", shown.text("#progress"))
    shown.browser.screenshot(tmp_path / "progress.png")
    shown.press("Stop here")
    shown.press("Stop", "#dialog")
    shown.says("Stopped", "#state")


def test_a_thousand_columns_are_shown_a_few_at_a_time(shown, tmp_path):
    names = ["Email", *(f"Custom field {n}" for n in range(999))]
    shown.sent(csv([names, ["a@corp.example", *(str(n) for n in range(999))]]))
    assert shown.browser.run("document.querySelectorAll('.columns > li').length") == 60

    shown.press("Show 60 more of 940 columns")

    assert shown.browser.run("document.querySelectorAll('.columns > li').length") == 120
    assert shown.browser.run("document.activeElement.getAttribute('aria-label')") == (
        "Column Custom field 59 holds"
    )


def test_asked_whether_to_undo_the_first_answer_is_no(shown, stored):
    shown.imported()
    shown.press("Take it back")
    shown.says("somebody worked on since", "#dialog")

    shown.browser.press("Enter", 13)

    shown.gone("#dialog")
    assert stored() == 2
    assert "Imported" in shown.text("#state")


def test_what_is_left_out_is_shown_with_its_reason_and_can_be_had_as_a_file(shown, tmp_path):
    shown.previewed()
    shown.browser.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))

    shown.press("1\nLeft out")
    shown.says("Row 4", ".rows")
    assert "Nowhere Ltd" in shown.text(".rows")
    shown.press("Download as CSV")

    saved = tmp_path / "import-refused.csv"
    give_up = time.monotonic() + 10
    while not saved.exists() and time.monotonic() < give_up:
        time.sleep(0.05)
    assert saved.read_text("utf-8-sig").startswith("row,reason,First Name")


def test_what_is_known_and_what_differs_is_shown(shown, post):
    post(first_name="Ada", last_name="Lovelace", email="ada@analytical.example")
    shown.previewed()

    shown.press("1\nKnown, with news")
    shown.says("Not known before: Phone and Company", ".rows")
    shown.press("What is known", ".rows")

    shown.says("ada@analytical.example", ".known div")
    assert shown.browser.run(
        "[...document.querySelectorAll('.differs')].map(e => e.innerText)"
    ) == [
        "+1 212 555 0123",
        "Analytical Engines Ltd",
    ]


def test_a_column_that_is_taken_for_something_else_is_checked_anew(shown):
    shown.previewed()
    shown.press("Change this")
    shown.appears("#reading-title")

    shown.choice(".columns li:nth-child(3) select", "other_email")

    shown.says("Being checked")
    shown.work()
    shown.says("What would happen")
    shown.says("You said so")
    assert shown.browser.run("document.querySelector('.columns li:nth-child(3) select').value") == (
        "other_email"
    )


def test_what_is_wrong_with_an_option_is_said_beside_it(shown):
    shown.sent(csv(PEOPLE))

    shown.choice("#option-country", "XX")

    shown.says("It must be two letters", "#fault-country")
    shown.choice("#option-country", "de")
    shown.says("Germany", "#hint-country")
    shown.browser.wait("document.querySelector('#fault-country').innerText === ''")


def test_a_file_without_a_way_to_reach_anybody_says_so_first(shown):
    shown.sent(csv((("Shoe size", "Contact way"), ("42", "ask ann"))))

    shown.says("No column is known to hold an email or a phone")
    assert shown.browser.run(f"{button('See what', '#decision')}.disabled") is True
    shown.choice(".columns li:nth-child(2) select", "email")
    shown.browser.wait(f"!{button('See what', '#decision')}.disabled")


def test_a_workbook_is_read_by_the_sheet_that_is_chosen(shown):
    shown.sent(xlsx((["Name"], ["Ada"]), "Second"), "book.xlsx")
    assert shown.browser.run(
        "[...document.querySelectorAll('#option-sheet option')].map(e => e.value)"
    ) == ["People", "Second"]

    shown.choice("#option-sheet", "Second")

    shown.says("no row below", "#fault-sheet")


def test_a_dropped_file_is_sent(shown, tmp_path):
    path = tmp_path / "dropped.xlsx"
    path.write_bytes(xlsx(PEOPLE))
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}

    for kind in ("dragEnter", "dragOver", "drop"):
        shown.browser.ask("Input.dispatchDragEvent", type=kind, x=600, y=200, data=data)

    shown.says("dropped.xlsx", "#title")


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "empty.csv", "The file is empty"),
        (csv([HEADER]), "bare.csv", "no row below"),
        (b"%PDF-1.7 nothing", "leads.csv", "PDF"),
        (csv([[f"c{n}" for n in range(17_000)], ["x"]]), "wide.csv", "columns"),
        (csv([ADA, ALAN]), "headless.csv", "must name the columns"),
    ],
)
def test_why_a_file_is_refused_is_said_where_it_was_chosen(shown, content, name, why):
    shown.choose(content, name)

    shown.says(f"{name}: ", "#file-problem")
    assert why in shown.text("#file-problem")
    assert shown.browser.run("document.activeElement.id") == "file"


def test_what_a_file_says_stays_text(shown):
    rows = (HEADER, ("<script>window.hacked=1</script>", "<img src=x onerror=hacked=1>", *ADA[2:]))
    shown.previewed(csv(rows), "<img src=x onerror=hacked=1>.csv")
    shown.press("1\nNew")
    shown.says("<script>", ".rows")

    assert shown.browser.run("document.querySelectorAll('main script, main img').length") == 0
    assert shown.browser.run("window.hacked") is None
    assert shown.browser.console == []


def test_the_files_so_far_are_listed_with_their_state_and_opened_again(shown):
    shown.imported()
    shown.press("‹ All files")
    shown.says("people.csv", "#imports")
    shown.says("Imported · 3 rows: 2 new, 1 left out", "#imports")

    shown.press("people.csv", "#imports")

    shown.says("What became of the rows")
    shown.browser.run("history.back()")
    shown.appears("#start")


def test_a_file_that_is_discarded_is_gone(shown):
    shown.sent(csv(PEOPLE))
    shown.press("Discard this file")
    shown.says("Nothing of it was stored", "#dialog")

    shown.press("Discard", "#dialog")

    shown.appears("#start")
    shown.says("Discarded", "#imports")


def test_counts_that_changed_meanwhile_are_shown_before_anything_is_stored(shown, stored):
    shown.previewed(csv((HEADER, ADA, ("Mary", "Somerville", "mary@corp.example", "", ""))))
    id = UUID(shown.browser.run("location.hash.slice(1)"))
    path = f"/api/v1/lead-discovery/imports/{id}?user_id={shown.engine.tenant}"
    shown.app.test_client().put(path, json={"columns": {"E-Mail": ""}})
    shown.engine.run(id)

    shown.press("Store 2 leads")

    shown.says("The preview counts otherwise than you have seen.", "#decision")
    assert "1 lead will be stored" in shown.text("#decision")
    assert stored() == 0


def test_with_keys_the_page_asks_for_one_and_forgets_it(
    browser, local_settings, stack, database, tmp_path
):
    browser.resize(390)
    keyed = replace(local_settings, auth_mode="keys")
    shown = Shown(browser, keyed, stack, None, tmp_path)
    tenant = Tenant(shown.app.test_client(), database)
    shown.open(wait="#key-form")
    assert browser.run("document.activeElement.id") == "key"
    browser.type("#key", "lf_wrong")
    browser.press("Enter", 13)
    shown.says("This key is not known, or works no longer.", "#key-problem")
    browser.type("#key", tenant.key)
    browser.press("Enter", 13)
    shown.appears("#start")

    shown.sent(csv(PEOPLE))

    shown.says("What was understood")
    assert tenant.key not in browser.run("document.documentElement.outerHTML + location.href")
    browser.click("#forget")
    shown.appears("#key-form")
    assert browser.run("sessionStorage.length") == 0
    assert "Lovelace" not in browser.run("document.documentElement.outerHTML")


def test_on_a_telephone_no_word_of_a_cell_is_broken(shown):
    shown.browser.resize(390)
    shown.open()

    shown.sent(csv((HEADER, ADA, ALAN)))

    shown.says("What was understood")
    lines = "(r => (r.selectNodeContents(e), r.getClientRects().length))(new Range())"
    cells = "document.querySelectorAll('.scroll th:first-child, .scroll td:nth-child(4)')"
    assert set(shown.browser.run(f"[...{cells}].map(e => {lines})")) == {1}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_phone_and_desk(shown, post, tmp_path, width, scheme):
    post(first_name="Ada", last_name="Lovelace", email="ada@analytical.example")
    browser = shown.browser
    browser.resize(width, 2000, scheme)

    def fits(name):
        browser.screenshot(tmp_path / f"{name}-{width}-{scheme}.png")
        assert browser.run("document.documentElement.scrollWidth") <= width, name
        assert browser.run(SMALL) == [], name
        assert browser.console == [], name

    fits("start")
    shown.sent(csv(ELSEWHERE), f"{'averylongname' * 9} 名前.csv")
    fits("elsewhere")
    shown.press("‹ All files")
    shown.previewed(xlsx(PEOPLE), "people.xlsx")
    shown.press("1\nKnown, with news")
    shown.says("Not known before", ".rows")
    fits("previewed")
    shown.press("Store 2 leads")
    shown.says("Being imported")
    fits("importing")
    shown.work()
    shown.says("What became of the rows")
    fits("imported")
    shown.press("Take it back")
    shown.appears("#dialog")
    fits("dialog")
    shown.press("No, leave it", "#dialog")
    shown.press("‹ All files")
    shown.says("Imported", "#imports")
    fits("listed")


SMALL = (
    "[...document.querySelectorAll('button, select, input:not(#file), .tick input')]"
    ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)"
    ".map(e => e.outerHTML)"
)
"""Controls smaller than a finger can hit (WCAG 2.2, 2.5.8: 24 CSS pixels)."""
