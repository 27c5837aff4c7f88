"""docs/lead-form.html: exactly its fields, posted as a browser posts them."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

import leadfly.app
from services.dedup.openapi import PATH, LeadForm
from shared.privacy.modes import MODES
from shared.privacy.purposes import PURPOSES

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/lead-form.html").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/lead-forms.md").read_text(encoding="utf-8")

HUMAN_MS = "8400"


class LeadFormPage(HTMLParser):
    """The form's controls with their names and values, and what labels and describes them."""

    def __init__(self, text):
        super().__init__()
        self.form, self.controls, self.labels, self.ids = {}, [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        if tag == "form":
            self.form = attributes
        elif tag in ("input", "textarea"):
            self.controls.append({"type": tag} | attributes)
        elif tag == "label":
            self.labels.add(attributes.get("for"))


FORM = LeadFormPage(PAGE)


def filled(ticked=False, **typed):
    """Return what a browser sends of the form: every field, but a box only if it is ticked."""
    values = {
        control["name"]: control.get("value", "")
        for control in FORM.controls
        if control["type"] != "checkbox" or ticked
    }
    assert typed.keys() <= values.keys()
    return values | typed


@pytest.fixture
def post_form(client, user_id):
    def post(using=client, **typed):
        return using.post(PATH, data=filled(user_id=user_id, **typed))

    return post


def test_the_form_posts_to_the_duplicate_check():
    assert FORM.form["method"] == "post"
    assert urlsplit(FORM.form["action"]).path == PATH


def test_every_field_of_the_form_is_one_that_is_read():
    known = {field.data_key or name for name, field in LeadForm().fields.items()}

    names = [control["name"] for control in FORM.controls]
    assert set(names) <= known
    assert len(names) == len(set(names))


def test_every_field_that_people_see_has_a_label():
    for control in FORM.controls:
        if control["type"] != "hidden":
            assert control["id"] in FORM.labels
            assert control.get("aria-describedby", control["id"]) in FORM.ids


def test_people_neither_see_nor_reach_the_honeypot():
    (honeypot,) = (control for control in FORM.controls if control["name"] == "honeypot")

    assert honeypot["tabindex"] == "-1"
    assert honeypot["autocomplete"] == "off"
    assert re.search(r'class="away" aria-hidden="true">\s*<label for="honeypot"', PAGE)


def test_the_box_stands_for_purposes_of_ours():
    (box,) = (control for control in FORM.controls if control["type"] == "checkbox")

    assert set(box["value"].split(",")) <= PURPOSES.keys()


def test_a_filled_form_is_allowed(post_form):
    answer = post_form(first_name="Ada", email="ada@example.org", form_fill_ms=HUMAN_MS)

    assert answer.status_code == 200
    assert answer.json["action_taken"] == "allow_processing"


def test_a_form_without_its_script_is_allowed_too(post_form):
    answer = post_form(phone="+44 20 7946 0958", submission_id="", form_fill_ms="")

    assert answer.json["action_taken"] == "allow_processing"


def test_the_same_person_again_is_rejected(post_form):
    first = post_form(email="ada@example.org", form_fill_ms=HUMAN_MS).json

    again = post_form(email="Ada@Example.org", form_fill_ms=HUMAN_MS).json

    assert again["action_taken"] == "reject_duplicate"
    assert again["duplicate_of"] == first["lead_id"]


def test_a_double_click_is_one_lead(post_form):
    sent = {"email": "ada@example.org", "submission_id": uuid4().hex}

    first, second = (post_form(form_fill_ms=ms, **sent) for ms in (HUMAN_MS, "8650"))

    assert second.data == first.data
    assert second.headers["Idempotent-Replayed"] == "true"


def test_who_fills_the_honeypot_is_turned_away(post_form):
    answer = post_form(email="bot@example.org", honeypot="https://buy.example")

    assert answer.json["action_taken"] == "reject_duplicate"
    assert answer.json["blocking_reason"] == "form_spam"


def test_a_form_filled_in_no_time_is_a_risk(post_form):
    answer = post_form(email="bot@example.org", form_fill_ms="300")

    assert "form_spam_indicators" in answer.json["risk_assessment"]["risk_factors"]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {"lead_data.email"}),
        ({"first_name": "Ada"}, {"lead_data.email"}),
        ({"email": "ada at home"}, {"lead_data.email"}),
        ({"phone": "none"}, {"lead_data.phone"}),
    ],
)
def test_who_cannot_be_reached_is_told_by_field(post_form, typed, fields):
    answer = post_form(**typed)

    assert answer.status_code == 400
    assert fields & answer.json["error"]["details"].keys()


def test_an_unticked_box_is_no_fault_where_no_consent_is_needed(post_form):
    assert post_form(email="ada@example.org", ticked=False).status_code == 200


def test_a_strict_installation_wants_the_tick(local_settings, post_form):
    app = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    strict = app.test_client()

    unticked = post_form(using=strict, email="ada@example.org")
    ticked = post_form(using=strict, email="ada@example.org", ticked=True)

    app.extensions["leadfly"].database.close()
    assert unticked.status_code == 403
    assert "consent.purposes" in unticked.json["error"]["details"]
    assert ticked.status_code == 200


def test_the_guide_explains_every_field():
    for control in FORM.controls:
        assert f"`{control['name']}`" in GUIDE
