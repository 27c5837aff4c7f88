"""A drop folder: an account's CSV files are read, and nothing beside them."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from services.discovery.criteria import Criteria
from services.discovery.find import Find, Passed
from services.discovery.sources.drop_folder import DropFolder
from services.discovery.sources.dropped_files import dropped, folder_name
from services.discovery.sources.source import NotAsked, Reach

HEADER = "Email,Company,City,State\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "acme").mkdir()
    return tmp_path


@pytest.fixture
def reach(root, local_settings, shop):
    settings = replace(local_settings, discovery_drop_folder=root)
    desk = shop.desk
    return Reach(settings, shop.door, shop.fetcher, desk.database, desk.gate, lambda: False)


def drop(folder: Path, name: str, text: str | bytes, age: float = 60.0):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    old = time.time() - age
    os.utime(path, (old, old))
    return path


def said(reach, tenant_id="acme", **criteria):
    return list(DropFolder().find(tenant_id, {}, Criteria(country="US", **criteria), reach))


def finds(reach, **criteria):
    return [one for one in said(reach, **criteria) if isinstance(one, Find)]


def test_rows_are_finds_and_the_same_at_every_run(root, reach):
    drop(root / "acme", "a.csv", HEADER + "ada@corp.example,Corp,Austin,TX\nx@y.example,Y,,\n")

    first, second = finds(reach), finds(reach)

    assert [one.fields["email"] for one in first] == ["ada@corp.example", "x@y.example"]
    assert [one.key for one in first] == [one.key for one in second]


def test_the_same_person_in_another_file_is_the_same_find(root, reach):
    drop(root / "acme", "a.csv", HEADER + "ada@corp.example,Corp,,\n")
    drop(root / "acme", "b.csv", "Mail,Firma\nADA@corp.example,Corp Ltd\n")

    assert len({one.key for one in finds(reach)}) == 1


def test_terms_and_consent_of_a_row_come_along(root, reach):
    header = "Email,Licence,Attribution,Source URL,Consent version\n"
    row = "ada@corp.example,CC BY 4.0,Chamber,https://c.example/1,2026-01\n"
    drop(root / "acme", "a.csv", header + row)

    (one,) = finds(reach)

    said = one.provenance
    assert (said.licence, said.attribution, said.url) == (
        "CC BY 4.0",
        "Chamber",
        "https://c.example/1",
    )
    assert one.consent == {"purposes": ["lead_processing"], "text_version": "2026-01"}


def test_a_tick_is_no_consent(root, reach):
    drop(root / "acme", "a.csv", "Email,Consent\nada@corp.example,yes\n")

    assert finds(reach)[0].consent is None


def test_who_does_not_fit_is_passed_over_with_the_reason(root, reach):
    drop(root / "acme", "a.csv", HEADER + "a@b.example,B,Austin,TX\nc@d.example,D,,\n,E,,\n")

    passed = [one.reason for one in said(reach, keywords=("b",)) if isinstance(one, Passed)]

    assert passed == ["has none of the keywords", "names no email and no phone"]


def test_broken_rows_cost_themselves_and_no_other(root, reach):
    text = HEADER + 'a@b.example,B,,\n"open,B,,\nbad\nc@d.example,D\0,,\n'
    drop(root / "acme", "a.csv", text)
    drop(root / "acme", "b.csv", b"PK\x03\x04 no table")
    drop(root / "acme", "c.csv", "no,contact\n1,2\n")

    found = said(reach)

    emails = [one.fields["email"] for one in found if isinstance(one, Find)]
    reasons = [one.reason for one in found if isinstance(one, Passed)]
    assert "a@b.example" in emails
    assert reasons.count("a file is no CSV with an email or a phone") == 2
    assert "a row cannot be read" in reasons


def test_what_is_being_written_is_left(root, reach):
    drop(root / "acme", "a.csv", HEADER + "a@b.example,B,,\n", age=1)
    drop(root / "acme", ".b.csv", HEADER + "a@b.example,B,,\n")
    drop(root / "acme", "c.csv.part", HEADER + "a@b.example,B,,\n")

    assert finds(reach) == []


def test_no_name_leads_out_of_the_folder(root, reach, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    secret = drop(outside, "s.csv", HEADER + "secret@b.example,B,,\n")
    (root / "acme" / "link.csv").symlink_to(secret)
    os.link(secret, root / "acme" / "hard.csv")
    os.mkfifo(root / "acme" / "pipe.csv")
    (root / "acme" / "folder.csv").mkdir()
    (root / "linked").symlink_to(outside)

    assert finds(reach) == []
    with pytest.raises(NotAsked):
        said(reach, "linked")


@pytest.mark.parametrize("name", ["..", ".", "../acme", "/etc", "a/b", "a\\b", "acme\0", "ä"])
def test_an_accounts_name_is_one_folder(name):
    folder = folder_name(name)

    assert folder not in ("", ".", "..", "acme")
    assert not set("/\\\0") & set(folder)


def test_accounts_do_not_meet(root, reach):
    drop(root / "acme", "a.csv", HEADER + "a@b.example,B,,\n")
    (root / "other").mkdir()

    assert [one for one in said(reach, "other") if isinstance(one, Find)] == []


def test_without_a_folder_it_is_not_asked(reach, local_settings):
    with pytest.raises(NotAsked):
        said(reach, "nobody")
    with pytest.raises(NotAsked):
        said(replace(reach, settings=local_settings))


def test_a_file_that_is_too_large_is_left(root):
    path = drop(root / "acme", "a.csv", HEADER)
    os.truncate(path, 100_000_001)
    old = time.time() - 60
    os.utime(path, (old, old))

    with dropped(root, "acme", time.time()) as files:
        assert files == []


def test_headings_of_other_languages_are_known(root, reach):
    drop(root / "acme", "a.csv", "E-postadress,Företag,Ort\nada@corp.example,Corp AB,Malmö\n")

    (one,) = finds(reach)

    assert one.fields == {"email": "ada@corp.example", "company": "Corp AB", "city": "Malmö"}
