"""Copies of workflows that a test need not wait a minute for.

What differs is named here: who starts it, how often, where it posts, and what a form asks.
"""

import json

from tests.e2e.n8n import real_parts

KEEPS, REPOSTS = "duplicate-prevention.json", "repost-unchecked-leads.json"
FORM, WEBHOOK = "form-to-leadfly.json", "webhook-to-leadfly.json"
SIGNALS = "lead-to-signals.json"
SEEN = "seen-keys.json"
INTAKE, FINISHES = "lead-intake.json", "finish-kept-leads.json"
ONE_SERVICE = ("signal-detection.json", "matchmaking.json", "alerts.json")

TABLE = "LeadFly unchecked leads"
"""The data table that both workflows name."""

FORM_TABLE = "LeadFly form leads"
"""The data table of the form and its copy; each finds its own leads in it."""

BY_HAND = "leadfly/repost-by-hand"
"""Webhook path of the copy that a test starts; it answers when the run has ended."""

BY_CLOCK = "leadfly/kept-for-the-clock"
"""Webhook path of the duplicate check whose leads the clocked copy posts again."""

CLOCK_TABLE = "Leads for the clock"

CLOCK_SECONDS = 2

INTAKE_TABLE = "LeadFly leads to finish"
"""The data table of the intake and its copy."""

WATCHED = "leadfly/watched-lead"
"""Webhook path of the copy of the intake whose requests a test can cut off, one by one."""

FINISH_BY_HAND = "leadfly/finish-by-hand"
"""Webhook path of the copy that finishes leads when a test starts it; it answers at its end."""

GERMAN = {
    "Name": "Vor- und Nachname",
    "Work email": "Geschäftliche E-Mail-Adresse",
    "Phone": "Telefonnummer",
    "Company": "Firma",
    "Message": "Ihre Nachricht",
}
"""What the German copy of the form asks, by what the form asks."""

GERMAN_FORM = "leadfly/kontakt"
"""Form path of the German copy, which also has the faster clock."""


def by_hand(folder):
    """Write the repost workflow, started by a webhook instead of the clock; return its file."""
    return _write(folder, _started_by_hand(REPOSTS, BY_HAND), "leadflyRepostByHand")


def watched(folder, base_url):
    """Write the intake and what finishes its leads, both with *base_url*; return their files."""
    intake, finishes = _read(INTAKE), _started_by_hand(FINISHES, FINISH_BY_HAND)
    for workflow in (intake, finishes):
        for node in workflow["nodes"]:
            if node["name"] == "Config":
                node["parameters"]["assignments"]["assignments"][0]["value"] = base_url
    paths = iter((WATCHED, f"{WATCHED}-too"))
    for node in intake["nodes"]:
        if node["type"].endswith("webhook"):
            node["webhookId"] += "-watched"
            node["parameters"]["path"] = next(paths)
    return [
        _write(folder, intake, "leadflyIntakeWatched"),
        _write(folder, finishes, "leadflyFinishByHand"),
    ]


def _started_by_hand(name, path):
    """Return the workflow *name*, started by a webhook instead of its clock."""
    workflow = _read(name)
    (trigger,) = (node for node in workflow["nodes"] if node["type"].endswith("scheduleTrigger"))
    trigger["type"], trigger["typeVersion"] = "n8n-nodes-base.webhook", 2.1
    trigger["webhookId"] = path.replace("/", "-")
    trigger["parameters"] = {
        "httpMethod": "POST",
        "path": path,
        "responseMode": "lastNode",
        "options": {},
    }
    return workflow


def by_clock(folder, base_url):
    """Write both workflows with a table of their own, *base_url* and a faster clock."""
    keeps, reposts = _read(KEEPS), _read(REPOSTS)
    for workflow in (keeps, reposts):
        for node in workflow["nodes"]:
            if node["name"] == "Config":
                node["parameters"]["assignments"]["assignments"][0]["value"] = base_url
            if "tableName" in node["parameters"]:
                node["parameters"]["tableName"] = CLOCK_TABLE
            if node["type"].endswith("scheduleTrigger"):
                every = {"field": "seconds", "secondsInterval": CLOCK_SECONDS}
                node["parameters"]["rule"]["interval"] = [every]
            if node["type"].endswith(("webhook", "wait")):
                node["webhookId"] += "-clock"
            if node["type"].endswith("webhook"):
                node["parameters"]["path"] = BY_CLOCK
    # A post that fails just as the service comes back is put off: here not for ten minutes.
    hasty = json.loads(json.dumps(reposts).replace("minutes: 10", "seconds: 1"))
    return [
        _write(folder, keeps, "leadflyDuplicateClock"),
        _write(folder, hasty, "leadflyRepostClock"),
    ]


def german_form(folder):
    """Write the form with German labels, a path of its own and a faster clock; return its file."""
    workflow = _read(FORM)
    for node in workflow["nodes"]:
        if node["type"].endswith("formTrigger"):
            for field in node["parameters"]["formFields"]["values"]:
                field["fieldLabel"] = GERMAN[field["fieldLabel"]]
            node["parameters"]["options"]["path"] = GERMAN_FORM
            node["webhookId"] += "-german"
        if node["type"].endswith("scheduleTrigger"):
            every = {"field": "seconds", "secondsInterval": CLOCK_SECONDS}
            node["parameters"]["rule"]["interval"] = [every]
    return _write(folder, workflow, "leadflyFormGerman")


def _read(name):
    return json.loads((real_parts.WORKFLOWS / name).read_text())


def _write(folder, workflow, identity):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{identity}.json"
    file.write_text(json.dumps(workflow | {"id": identity, "name": identity}))
    return file
