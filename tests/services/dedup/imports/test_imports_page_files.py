"""The page of imports as it is served."""

import re
from typing import get_args

from services.dedup.imports.guessing import Why
from services.dedup.imports.job import OUTCOMES, Status
from services.dedup.imports.page_files import FILES
from shared.columns import TARGETS

PAGE = "/lead-discovery/imports"


def text(name):
    return FILES[name].content.decode()


def words(name, file="words.js"):
    """Return what the object *name* of a file has words for."""
    body = re.search(
        rf"const {name} = ([\[{{].*?^[\]}}]);|const {name} = ({{.*?}});", text(file), re.S | re.M
    )
    return set(re.findall(r"(?:^|[{,])\s*(\w+): ", body[1] or body[2], re.M))


def test_the_page_may_run_its_own_files_and_nothing_else(client):
    policy = client.get(PAGE).headers["Content-Security-Policy"]

    assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_every_file_that_the_page_names_is_served_and_no_other(client):
    named = set(re.findall(r'(?:src|href)="/lead-discovery/imports/([^"]+)"', text("page.html")))
    for name in FILES:
        named |= set(re.findall(r'from "\./([^"]+)"', text(name)))

    assert named == FILES.keys() - {"page.html"}
    for name in FILES:
        assert client.get(f"{PAGE}/{name}").data == FILES[name].content
    for name in ("page.py", "..%2Fpage_files.py", "page.js%00", "PAGE.JS"):
        assert client.get(f"{PAGE}/{name}").status_code == 404


def test_no_text_becomes_markup():
    for name in FILES:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text(name)
        )


def test_the_page_loads_nothing_from_elsewhere():
    for name in FILES:
        assert "//" not in re.sub(r"^\s*//.*$|\s// .*$", "", text(name), flags=re.M)


def test_every_control_has_a_label():
    page = text("page.html")
    controls = set(re.findall(r'<(?:input|select)[^>]* ?id="([^"]+)"', page))

    assert controls == set(re.findall(r'<label for="([^"]+)"', page))


def test_every_field_that_a_column_may_hold_can_be_chosen():
    assert words("GROUPS") == set(TARGETS)


def test_every_outcome_state_and_reason_has_words():
    assert words("OUTCOMES") == set(OUTCOMES)
    assert words("STATES") | {"cancelled"} == set(get_args(Status))
    assert words("WHY", "reading.js") == set(get_args(Why))
