"""No business rule stands in a workflow: it goes by statuses and by what a service decided.

A rule is a function of a workflow that yields `(node name, fault)`, as in `lint`.
"""

import re

DECIDING = ("n8n-nodes-base.switch", "n8n-nodes-base.if")

MEASURE = re.compile(
    r"\b\w*(?:score|strength|confidence|probability|risk|priority|intent|amount|matches|needs)\w*",
    re.I,
)
"""What a service measures. To compare it with a number is the service's to do."""


def rule(workflow):
    """No node that chooses a way reads a measure, and none computes one in code."""
    for node in workflow["nodes"]:
        if node["type"] == "n8n-nodes-base.code":
            yield node["name"], "is code: what it decides belongs into a service"
        if node["type"] in DECIDING:
            for text in sorted(_read(node["parameters"])):
                if found := MEASURE.search(text):
                    yield node["name"], f"chooses a way by {found[0]}, which a service measures"


def _read(value):
    """Return the expressions in *value*."""
    if isinstance(value, dict):
        return {text for inside in value.values() for text in _read(inside)}
    if isinstance(value, list):
        return {text for inside in value for text in _read(inside)}
    return {value} if isinstance(value, str) and value.startswith("=") else set()
