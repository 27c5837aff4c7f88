"""What the documents say is what happens."""

import json
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

VOLATILE = re.compile(r"_id$|^duplicate_of$|^timestamp$|_ms$|^receipt_id$")
"""Ids and times differ at every run."""


def curls(text):
    """Return path and body of every curl in *text*; the body is None where nothing is posted."""
    for block in re.findall(r"```sh\n(curl.*?)```", text, flags=re.DOTALL):
        words = shlex.split(block.replace("\\\n", " "))
        url = next(word for word in words if word.startswith("http"))
        body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
        yield re.sub(r"^http://[^/]+", "", url), body


CHECK = "/webhook/leadfly/duplicate-prevention"
"""Begins the paths of the curls under `Start`."""


def steady(value):
    """Return *value* with ids and times replaced by their type."""
    if isinstance(value, dict):
        return {
            key: (None if inner is None else type(inner).__name__)
            if VOLATILE.search(key)
            else steady(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [steady(inner) for inner in value]
    return round(value, 3) if isinstance(value, float) else value


def test_the_readmes_curls_get_the_readmes_answer(client, user_id):
    shown = json.loads(re.search(r"```json\n(.*?)```", README, flags=re.DOTALL)[1])

    for path, body in curls(README):
        if path.startswith(CHECK):
            answer = client.post(path, json=body | {"user_id": user_id}).json

    assert steady(answer) == steady(shown) | {
        "checks_performed": steady(answer["checks_performed"])
    }
    assert [c["type"] for c in answer["checks_performed"]] == [
        c["type"] for c in shown["checks_performed"]
    ]


def test_the_lead_that_the_readme_creates_is_the_one_that_it_finds(client, user_id):
    (path, body), (search, _) = [each for each in curls(README) if each[0].startswith("/api/")]

    made = client.post(path, json=body | {"user_id": user_id}).json
    found = client.get(search.replace("user_id=demo", f"user_id={user_id}")).json

    assert [lead["id"] for lead in found["leads"]] == [made["lead"]["id"]]


SIGNALS = (ROOT / "docs/signals.md").read_text(encoding="utf-8")


def test_every_curl_about_signals_is_answered(client, user_id):
    asked = list(curls(SIGNALS))

    assert len(asked) == 3
    for path, body in asked:
        answer = client.post(path, json=body | {"user_id": user_id})
        assert (answer.status_code, answer.json["success"]) == (200, True), path


def test_every_field_of_a_detection_is_in_its_guide(client, user_id):
    path, body = next(iter(curls(SIGNALS)))

    answer = client.post(path, json=body | {"user_id": user_id}).json

    said = set(re.findall(r"`(\w+)`", SIGNALS))
    assert answer.keys() - said == set()
    assert {field for one in answer["signals"] for field in one} - said == set()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_named_exists(document):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(
        r"(?:`|^)make ([a-z][a-z0-9 -]*)", (ROOT / document).read_text("utf-8"), re.M
    )

    targets = {word for group in named for word in re.split(r"  |#", group)[0].split()}
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_every_setting_is_in_the_example_and_every_example_is_read():
    source = (ROOT / "shared/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'reader\.(?:read|choice|secret(?:_as)?)\(\s*"([A-Z_]+)"', source))
    shown = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.M))

    assert shown == read


def test_every_decision_has_its_number_once():
    numbers = [path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")]

    assert sorted(numbers) == [f"{n:04}" for n in range(1, len(numbers) + 1)]
