"""Every workflow file is sound; and the linter that says so sees each kind of fault."""

import copy
import json
from pathlib import Path

import pytest

from tests.workflows import data_tables, lint

FOLDER = Path(__file__).resolve().parent.parent / "n8n-workflows"
FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_workflow_is_sound(path, app):
    assert lint.faults(path, app.url_map) == []


def test_there_are_workflows_to_check():
    assert FILES


def test_ids_and_webhook_paths_belong_to_one_workflow_each():
    workflows = [json.loads(path.read_text()) for path in FILES]
    ids = [workflow["id"] for workflow in workflows]
    paths = [
        (node["type"], node["parameters"].get("httpMethod", "GET"), lint.path_of(node))
        for workflow in workflows
        for node in workflow["nodes"]
        if lint.path_of(node) is not None
    ]

    assert len(set(ids)) == len(ids)
    assert len(set(paths)) == len(paths)


def test_workflows_that_share_a_data_table_agree_on_its_columns():
    made = [
        table for path in FILES for table in data_tables.made(json.loads(path.read_text())).items()
    ]

    assert made
    for name, columns in made:
        assert all(other == columns for another, other in made if another == name)


def test_no_data_table_has_a_name_within_anothers():
    """n8n looks a table up by what its name contains, and finds the wrong one of two."""
    names = {name for path in FILES for name in data_tables.made(json.loads(path.read_text()))}

    assert not [(one, other) for one in names for other in names if one != other and one in other]


# The linter on planted faults --------------------------------------------------------------------


def planted(tmp_path, app, fault, name="planted.json", workflow="duplicate-prevention"):
    """Return what the linter says of our *workflow* after *fault* was done to it."""
    workflow = json.loads((FOLDER / f"{workflow}.json").read_text())
    fault(workflow, {node["name"]: node for node in workflow["nodes"]})
    path = tmp_path / name
    path.write_text(json.dumps(workflow))
    return lint.faults(path, app.url_map)


def check(nodes):
    return nodes["Check the lead"]


def parameters(nodes):
    return check(nodes)["parameters"]


def header(name, value):
    return lambda w, n: parameters(n)["headerParameters"]["parameters"].append(
        {"name": name, "value": value}
    )


def again(workflow, node, **changes):
    workflow["nodes"].append(copy.deepcopy(node) | changes)


FAULTS = {
    # fault: (what is planted, what the linter's line must name)
    "no id": (lambda w, n: w.pop("id"), ("lacks id",)),
    "no nodes": (lambda w, n: w.update(nodes=[]), ("lacks nodes",)),
    "a node without a type": (lambda w, n: check(n).pop("type"), ("Check the lead", "lacks type")),
    "active": (lambda w, n: w.update(active=True), ("leftover active",)),
    "versionId": (lambda w, n: w.update(versionId="x"), ("leftover versionId",)),
    "meta": (lambda w, n: w.update(meta={"instanceId": "x"}), ("leftover meta",)),
    "pinned data": (
        lambda w, n: w.update(pinData={"Receive the lead": [{}]}),
        ("pinned data", "Receive the lead"),
    ),
    "an unknown type": (
        lambda w, n: check(n).update(type="n8n-nodes-base.httpRequst"),
        ("Check the lead", "unknown type"),
    ),
    "an unknown version": (
        lambda w, n: check(n).update(typeVersion=9.9),
        ("Check the lead", "unknown version 9.9"),
    ),
    "an unknown parameter": (
        lambda w, n: parameters(n).update(uri="x"),
        ("Check the lead", "unknown parameter uri"),
    ),
    "an unknown option": (
        lambda w, n: parameters(n)["options"].update(timeOut=1),
        ("Check the lead", "unknown parameter options.timeOut"),
    ),
    "an unknown field of a list": (
        lambda w, n: parameters(n)["headerParameters"]["parameters"][0].update(key="x"),
        ("Check the lead", "headerParameters.parameters.key"),
    ),
    "a parameter without effect": (
        lambda w, n: parameters(n).update(sendBody=False),
        ("Check the lead", "jsonBody", "no effect"),
    ),
    "a missing parameter": (
        lambda w, n: parameters(n).pop("url"),
        ("Check the lead", "lacks the parameter url"),
    ),
    "a missing webhook path": (
        lambda w, n: n["Receive the lead"]["parameters"].pop("path"),
        ("Receive the lead", "no path"),
    ),
    "an invalid method": (
        lambda w, n: parameters(n).update(method="PSOT"),
        ("Check the lead", "unknown method 'PSOT'"),
    ),
    "an invalid webhook method": (
        lambda w, n: n["Receive the lead"]["parameters"].update(httpMethod="FETCH"),
        ("Receive the lead", "unknown httpMethod"),
    ),
    "a value of the wrong kind": (
        lambda w, n: parameters(n)["options"].update(timeout="3 s"),
        ("Check the lead", "options.timeout", "no number"),
    ),
    "a connection to nowhere": (
        lambda w, n: w["connections"]["Config"]["main"][0][0].update(node="Gone"),
        ("Config", "'Gone'"),
    ),
    "a connection from nowhere": (
        lambda w, n: w["connections"].update(Gone={"main": []}),
        ("Gone", "no such node"),
    ),
    "a connection from an output too many": (
        lambda w, n: w["connections"]["Config"]["main"].append(
            [{"node": "Check the lead", "type": "main", "index": 0}]
        ),
        ("Config", "output 1, of 1"),
    ),
    "a connection to an input too many": (
        lambda w, n: w["connections"]["Config"]["main"][0][0].update(index=1),
        ("Config", "no input"),
    ),
    "an unreached node": (
        lambda w, n: (
            w["connections"].pop("Wait a moment")
            and w["connections"]["Route by status"]["main"][2].clear()
        ),
        ("Wait a moment", "reached by no connection"),
    ),
    "an error output to nowhere": (
        lambda w, n: w["connections"]["Check the lead"]["main"].pop(),
        ("Check the lead", "error output"),
    ),
    "an expression on a missing node": (
        lambda w, n: parameters(n).update(jsonBody="={{ $('Gone').first().json }}"),
        ("Check the lead", "'Gone'"),
    ),
    "a missing route": (
        lambda w, n: parameters(n).update(url=parameters(n)["url"] + "s"),
        ("Check the lead", "duplicate-preventions", "no service answers"),
    ),
    "a method that the route lacks": (
        lambda w, n: parameters(n).update(method="PUT"),
        ("Check the lead", "PUT", "no service answers"),
    ),
    "a host of its own": (
        lambda w, n: parameters(n).update(url="http://127.0.0.1:8000/healthz"),
        ("Check the lead", "base_url"),
    ),
    "no timeout": (
        lambda w, n: parameters(n)["options"].pop("timeout"),
        ("Check the lead", "timeout"),
    ),
    "no response format": (
        lambda w, n: parameters(n)["options"].pop("response"),
        ("Check the lead", "responseFormat"),
    ),
    "a bearer token": (
        header("X-Any", "Bearer abcdefgh12345678"),
        ("Check the lead", "a bearer token"),
    ),
    "an API key": (
        header("X-Any", "lf_abcdefgh_0123456789abcdef"),
        ("Check the lead", "a LeadFly API key"),
    ),
    "a literal secret header": (
        header("X-API-Key", "hunter2"),
        ("Check the lead", "the secret X-API-Key"),
    ),
    "a secret by expression": (
        header("Authorization", "={{ $env.KEY }}"),
        ("Check the lead", "the secret Authorization"),
    ),
    "a password in a URL": (
        header("X-Any", "https://me:hunter2@example.org"),
        ("Check the lead", "password in a URL"),
    ),
    "a long random text": (
        header("X-Any", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b"),
        ("Check the lead", "random"),
    ),
    "a credential's value": (
        lambda w, n: check(n).update(
            credentials={"httpHeaderAuth": {"id": "1", "name": "k", "data": {"value": "x"}}}
        ),
        ("Check the lead", "credential httpHeaderAuth"),
    ),
    "two nodes of one name": (
        lambda w, n: again(w, n["Config"], id="another"),
        ("Config", "shares its name"),
    ),
    "two nodes of one id": (
        lambda w, n: again(w, n["Read me"], name="Read me too"),
        ("more than once",),
    ),
    "n8n's own name": (
        lambda w, n: again(w, n["Read me"], name="Sticky Note1", id="another"),
        ("Sticky Note1", "own name"),
    ),
    "a name that is no sentence": (
        lambda w, n: again(w, n["Read me"], name="lead_notes", id="another"),
        ("lead_notes", "imperative"),
    ),
    "a long name": (
        lambda w, n: again(w, n["Read me"], name="Read " + "and read " * 5 + "me", id="another"),
        ("characters",),
    ),
}


REPOST_FAULTS = {
    "no rule of a schedule": (
        lambda w, n: n["Start every minute"]["parameters"].pop("rule"),
        ("Start every minute", "once a day"),
    ),
    "an unknown interval": (
        lambda w, n: n["Start every minute"]["parameters"]["rule"]["interval"][0].update(
            field="fortnights"
        ),
        ("Start every minute", "'fortnights'"),
    ),
    "a table that is made once only": (
        lambda w, n: n["Prepare the table"]["parameters"]["options"].clear(),
        ("Prepare the table", "createIfNotExists"),
    ),
    "a table without a name": (
        lambda w, n: n["Prepare the table"]["parameters"].pop("tableName"),
        ("Prepare the table", "lacks the parameter tableName"),
    ),
    "a column of an unknown type": (
        lambda w, n: n["Prepare the table"]["parameters"]["columns"]["column"][0].update(
            type="text"
        ),
        ("Prepare the table", "columns.column.type 'text'"),
    ),
    "a table of one installation": (
        lambda w, n: forget(n).update(dataTableId={"__rl": True, "mode": "id", "value": "Kc1"}),
        ("Forget the lead", "one installation"),
    ),
    "a table chosen from a list": (
        lambda w, n: forget(n)["dataTableId"].update(mode="list"),
        ("Forget the lead", "one installation"),
    ),
    "a table found in an unknown way": (
        lambda w, n: forget(n)["dataTableId"].update(mode="url"),
        ("Forget the lead", "dataTableId.mode 'url'"),
    ),
    "no table": (
        lambda w, n: forget(n)["dataTableId"].update(value=""),
        ("Forget the lead", "lacks the parameter dataTableId.value"),
    ),
    "an unknown operation": (
        lambda w, n: forget(n).update(operation="delete"),
        ("Forget the lead", "unknown operation 'delete'"),
    ),
    "an unknown column in a condition": (
        lambda w, n: forget(n)["filters"]["conditions"][0].update(keyName="uuid"),
        ("Forget the lead", "column uuid"),
    ),
    "conditions of which any will do": (
        lambda w, n: n["Forget old failures"]["parameters"].pop("matchType"),
        ("Forget old failures", "matchType"),
    ),
    "an unknown column to sort by": (
        lambda w, n: n["Read the oldest leads"]["parameters"].update(orderByColumn="age"),
        ("Read the oldest leads", "column age"),
    ),
    "a value for an unknown column": (
        lambda w, n: n["Mark it as failed"]["parameters"]["columns"]["value"].update(why="x"),
        ("Mark it as failed", "column why"),
    ),
    "a value for a column that the editor does not show": (
        lambda w, n: n["Mark it as failed"]["parameters"]["columns"].update(schema=[]),
        ("Mark it as failed", "columns.value.state", "schema"),
    ),
    "nothing to write": (
        lambda w, n: n["Mark it as failed"]["parameters"]["columns"].update(value=None),
        ("Mark it as failed", "lacks the parameter columns.value"),
    ),
}


FORM_FAULTS = {
    "a form without a path": (
        lambda w, n: n["Show the form"]["parameters"]["options"].pop("path"),
        ("Show the form", "no path"),
    ),
    "a field without a label": (
        lambda w, n: n["Show the form"]["parameters"]["formFields"]["values"][0].pop("fieldLabel"),
        ("Show the form", "lacks the parameter formFields.values.fieldLabel"),
    ),
    "a field of an unknown kind": (
        lambda w, n: n["Show the form"]["parameters"]["formFields"]["values"][0].update(
            fieldType="tel"
        ),
        ("Show the form", "fieldType 'tel'"),
    ),
    "a token in the file": (
        lambda w, n: token(n).update(value="lfi_abcdefgh_0123456789"),
        ("Config", "a LeadFly API key"),
    ),
    "a token that the environment overrides": (
        lambda w, n: token(n).update(value=token(n)["value"].replace("''", "'t0ken'")),
        ("Config", "the secret source_token"),
    ),
}


INTAKE_FAULTS = {
    "a way chosen by a score": (
        lambda w, n: chosen(n, "Route the matches", "={{ $json.matches[0].match_score > 80 }}"),
        ("Route the matches", "chooses a way by"),
    ),
    "a way chosen by a risk": (
        lambda w, n: chosen(n, "Route by action", "={{ $json.risk_level === 'high' }}"),
        ("Route by action", "risk_level"),
    ),
    "code": (
        lambda w, n: w["nodes"].append(
            {
                "parameters": {"jsCode": "return items"},
                "id": "code",
                "name": "Score the lead",
                "type": "n8n-nodes-base.code",
                "typeVersion": 2,
            }
        ),
        ("Score the lead", "is code"),
    ),
    "a match of no route": (
        lambda w, n: n["Match the lead"]["parameters"].update(method="GET"),
        ("Match the lead", "no service answers"),
    ),
}


def chosen(nodes, name, expression):
    (way, *_) = nodes[name]["parameters"]["rules"]["values"]
    way["conditions"]["conditions"][0]["leftValue"] = expression


def token(nodes):
    return nodes["Config"]["parameters"]["assignments"]["assignments"][1]


def forget(nodes):
    return nodes["Forget the lead"]["parameters"]


@pytest.mark.parametrize("fault", REPOST_FAULTS)
def test_the_linter_names_node_and(fault, tmp_path, app):
    plant, words = REPOST_FAULTS[fault]

    found = planted(tmp_path, app, plant, workflow="repost-unchecked-leads")

    assert [line for line in found if all(word in line for word in ("planted.json", *words))], found


@pytest.mark.parametrize("fault", FORM_FAULTS)
def test_the_linter_names_the_form_and(fault, tmp_path, app):
    plant, words = FORM_FAULTS[fault]

    found = planted(tmp_path, app, plant, workflow="form-to-leadfly")

    assert [line for line in found if all(word in line for word in ("planted.json", *words))], found


@pytest.mark.parametrize("fault", INTAKE_FAULTS)
def test_the_linter_names_the_chain_and(fault, tmp_path, app):
    plant, words = INTAKE_FAULTS[fault]

    found = planted(tmp_path, app, plant, workflow="lead-intake")

    assert [line for line in found if all(word in line for word in ("planted.json", *words))], found


def test_each_service_has_a_workflow_before_its_webhook():
    paths = {lint.path_of(node) for path in FILES for node in json.loads(path.read_text())["nodes"]}

    services = ("duplicate-prevention", "signal-detection", "matchmaking", "alerts")
    assert {f"leadfly/{service}" for service in services} <= paths


def test_what_finishes_leads_asks_what_the_chain_asks():
    """The same requests, so that a step done twice is known again; but for the check's place."""

    def asked(name):
        nodes = json.loads((FOLDER / f"{name}.json").read_text())["nodes"]
        return {
            node["name"]: {key: node["parameters"].get(key) for key in ("url", "jsonBody")}
            for node in nodes
            if node["type"] == lint.HTTP_REQUEST
        }

    chain, finishing = asked("lead-intake"), asked("finish-kept-leads")

    assert len(chain) == 5
    for step in chain.keys() - {"Check the lead"}:
        assert finishing[step] == chain[step]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_linter_names_file_node_and(fault, tmp_path, app):
    plant, words = FAULTS[fault]

    found = planted(tmp_path, app, plant)

    assert [line for line in found if all(word in line for word in ("planted.json", *words))], found


def test_the_linter_refuses_a_file_name_that_is_not_kebab_case(tmp_path, app):
    found = planted(tmp_path, app, lambda w, n: None, name="Duplicate_Prevention.json")

    assert found == ["Duplicate_Prevention.json: is not named in kebab-case"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '"text"', '{"nodes": 1}', '{"nodes": [1]}', "\xff"),
        '{"id": "a", "name": "b", "connections": {"x": 1}, "nodes": '
        '[{"id": "1", "name": "x", "type": "y", "parameters": {}}]}',
    ],
)
def test_a_malformed_file_is_a_fault_and_no_crash(tmp_path, text):
    path = tmp_path / "malformed.json"
    path.write_text(text, encoding="latin-1")

    found = lint.faults(path)

    assert found
    assert all(line.startswith("malformed.json: ") for line in found)
