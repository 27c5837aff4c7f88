"""Read n8n workflow files as an importing n8n will not: it takes almost anything.

A rule is a function of a workflow that yields `(node name or None, fault)`;
`faults` runs them all and names the file. Nothing here needs n8n or Node.js.
"""

import json
import re
from collections import Counter
from pathlib import Path

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.workflows import data_tables, parameters, secrecy, verdicts

TYPES = json.loads((Path(__file__).parent / "nodes.json").read_text())["types"]
"""What n8n says of the node types we use; `describe.py` writes it."""

TOP = {"id", "name", "nodes", "connections", "settings", "pinData"}
"""What a file keeps of an export; the rest is one installation's own."""

NODE = {
    *("parameters", "id", "name", "type", "typeVersion", "position", "webhookId", "credentials"),
    *("disabled", "notes", "notesInFlow", "retryOnFail", "maxTries", "waitBetweenTries"),
    *("onError", "alwaysOutputData", "executeOnce"),
}

HTTP_REQUEST = "n8n-nodes-base.httpRequest"
WEBHOOK = "n8n-nodes-base.webhook"
FORM = "n8n-nodes-base.formTrigger"
STICKY_NOTE = "n8n-nodes-base.stickyNote"
SCHEDULE = "n8n-nodes-base.scheduleTrigger"

LONGEST_NAME = 40
"""Characters of a node's name: what the editor shows without cutting it."""


def faults(path, url_map=None):
    """Return every fault of the workflow file *path*, each a line naming file, node and fault.

    *url_map* holds the services' routes; without it the URLs' routes are not checked.
    """
    try:
        workflow = json.loads(path.read_text(encoding="utf-8"))
        found = list(_shape(workflow))
        if not found:
            found = [fault for rule in RULES for fault in rule(workflow)]
            found += routes(workflow, url_map) if url_map else []
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        found = [(None, f"is not built as n8n exports it: {error!r}")]
    except (ValueError, OSError) as error:
        found = [(None, f"is not readable JSON: {error}")]
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.json", path.name):
        found.append((None, "is not named in kebab-case"))
    return [f"{path.name}: {f'node {node!r} ' if node else ''}{fault}" for node, fault in found]


def _shape(workflow):
    """What every other rule takes for granted."""
    if not isinstance(workflow, dict):
        yield None, "is no object"
        return
    for name, kind in {"id": str, "name": str, "nodes": list, "connections": dict}.items():
        if not isinstance(workflow.get(name), kind) or not workflow[name]:
            yield None, f"lacks {name}"
    nodes = workflow.get("nodes")
    for node in nodes if isinstance(nodes, list) else []:
        for name, kind in {"name": str, "type": str, "parameters": dict, "id": str}.items():
            if not isinstance(node, dict) or not isinstance(node.get(name), kind):
                yield (node.get("name") if isinstance(node, dict) else None), f"lacks {name}"


def leftovers(workflow):
    """Nothing of the installation that exported it, and no pinned data."""
    for name in workflow.keys() - TOP:
        yield None, f"holds the leftover {name}"
    if workflow.get("pinData"):
        yield None, f"holds pinned data for {', '.join(workflow['pinData'])}"
    for node in workflow["nodes"]:
        for name in node.keys() - NODE:
            yield node["name"], f"holds the leftover {name}"


def known_types(workflow):
    """Types and versions that the n8n we test with has."""
    for node in workflow["nodes"]:
        if node["type"] not in TYPES:
            yield node["name"], f"has the unknown type {node['type']}"
        elif _described(node) is None:
            yield node["name"], f"has the unknown version {node.get('typeVersion')} of its type"


def known_parameters(workflow):
    """Parameters that the type has, with values it takes, and none missing."""
    for node in workflow["nodes"]:
        described = _described(node)
        for fault in (
            parameters.faults(node["parameters"], described["properties"]) if described else []
        ):
            yield node["name"], fault


def connections(workflow):
    """Every connection joins two nodes, and every node but a trigger is reached."""
    nodes = {node["name"]: node for node in workflow["nodes"]}
    reached, used = set(), set()
    for source, kinds in workflow["connections"].items():
        if source not in nodes:
            yield source, "is connected from, but there is no such node"
            continue
        for index, targets in enumerate(kinds.get("main", [])):
            outputs = _outputs(nodes[source])
            if targets and outputs is not None and index >= outputs:
                yield source, f"is connected from its output {index}, of {outputs}"
            for target in targets or []:
                used.add((source, index))
                reached.add(target["node"])
                if target["node"] not in nodes:
                    yield source, f"is connected to {target['node']!r}, but there is no such node"
                elif not _takes(nodes[target["node"]], target):
                    yield source, f"is connected to no input of {target['node']!r}"
    for name, node in nodes.items():
        described = _described(node)
        if not described or node["type"] == STICKY_NOTE:
            continue
        if name not in reached and not described["trigger"]:
            yield name, "is reached by no connection"
        own = described["outputs"]
        if node.get("onError") == "continueErrorOutput" and own and (name, own) not in used:
            yield name, "has an error output that leads nowhere"


def references(workflow):
    """Expressions name nodes that exist."""
    names = {node["name"] for node in workflow["nodes"]}
    for node in workflow["nodes"]:
        for _, text in parameters.texts(node["parameters"]):
            for name in re.findall(r"""\$(?:node\[|\(|items\()\s*['"](.+?)['"]""", text):
                if parameters.computed(text) and name not in names:
                    yield node["name"], f"reads {name!r}, but there is no such node"


def names(workflow):
    """Unique, short, said in the imperative and not n8n's own."""
    for name, count in Counter(node["name"] for node in workflow["nodes"]).items():
        if count > 1:
            yield name, "shares its name with another node"
    for identity, count in Counter(node["id"] for node in workflow["nodes"]).items():
        if count > 1:
            yield None, f"holds the node id {identity} more than once"
    for node in workflow["nodes"]:
        name, default = node["name"], (_described(node) or {}).get("default_name", "")
        if default and re.fullmatch(rf"{re.escape(default)} ?\d*", name):
            yield name, "still has n8n's own name: say what it does"
        elif name != "Config" and not re.fullmatch(r"[A-Z][a-z]+( [\w,'’-]+)+", name):
            yield name, "is not named by a short sentence in the imperative"
        elif len(name) > LONGEST_NAME:
            yield name, f"has a name of more than {LONGEST_NAME} characters"


def requests(workflow):
    """An HTTP Request node sets what n8n would choose badly."""
    for node in workflow["nodes"]:
        if node["type"] != HTTP_REQUEST:
            continue
        options = node["parameters"].get("options", {})
        response = options.get("response", {}).get("response", {})
        if not options.get("timeout"):
            yield node["name"], "sets no timeout: n8n would wait 300 s"
        if response.get("responseFormat") not in ("json", "text"):
            yield node["name"], "sets no responseFormat: n8n would guess it"
        if not re.match(r"=\{\{ [^{}]*\bbase_url \}\}/", node["parameters"].get("url", "")):
            yield node["name"], "has a url that does not start with Config's base_url"


def webhooks(workflow):
    """A webhook or form has a path of its own choice; n8n would take a random one."""
    for node in workflow["nodes"]:
        path = path_of(node)
        if path is not None and not re.fullmatch(r"leadfly(/[a-z0-9-]+)+", path):
            yield node["name"], "has no path that begins with leadfly/"


def path_of(node):
    """Return the path at which *node* is reached from outside, or None if it is not."""
    if node["type"] == WEBHOOK:
        return node["parameters"].get("path", "")
    if node["type"] == FORM:
        return node["parameters"].get("options", {}).get("path", "")
    return None


def schedules(workflow):
    """A schedule says how often; n8n would start the workflow once a day."""
    for node in workflow["nodes"]:
        if node["type"] == SCHEDULE and not node["parameters"].get("rule", {}).get("interval"):
            yield node["name"], "sets no rule: n8n would start it once a day"


def routes(workflow, url_map):
    """An HTTP Request node calls a route that exists, by a method that it answers."""
    for node in workflow["nodes"]:
        url = node["parameters"].get("url", "")
        if node["type"] != HTTP_REQUEST or "base_url }}/" not in url:
            continue
        path = re.sub(r"\{\{.*?\}\}", "x", url.partition("}}")[2]).partition("?")[0]
        method = node["parameters"].get("method", "GET")
        try:
            url_map.bind("localhost").match(path, method)
        except (HTTPException, RequestRedirect):
            yield node["name"], f"calls {method} {path}, which no service answers"


RULES = (
    leftovers,
    known_types,
    known_parameters,
    connections,
    references,
    secrecy.rule,
    names,
    requests,
    webhooks,
    schedules,
    verdicts.rule,
    data_tables.rows,
    data_tables.columns,
)


def _described(node):
    return TYPES.get(node["type"], {}).get(str(node.get("typeVersion")))


def _outputs(node):
    """Return how many outputs *node* has, or None if its parameters decide that."""
    described = _described(node)
    if described is None:
        return None
    if node["type"] == "n8n-nodes-base.switch":
        rules = node["parameters"].get("rules", {}).get("values", [])
        extra = node["parameters"].get("options", {}).get("fallbackOutput") == "extra"
        outputs = len(rules) + extra
    else:
        outputs = described["outputs"]
    if outputs is None:
        return None
    return outputs + (node.get("onError") == "continueErrorOutput")


def _takes(node, target):
    inputs = (_described(node) or {}).get("inputs")
    return target.get("type") == "main" and (inputs is None or target.get("index", 0) < inputs)
