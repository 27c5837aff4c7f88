"""Rules for n8n's data tables, which belong to one installation and are found by id.

A rule is a function of a workflow that yields `(node name, fault)`, as in `lint`.
"""

from tests.workflows import parameters

DATA_TABLE = "n8n-nodes-base.dataTable"

SYSTEM_COLUMNS = {"id", "createdAt", "updatedAt"}
"""Columns that every data table of n8n's has."""


def rows(workflow):
    """A data table is made where it lacks, and its rows are found by the id it then has."""
    for node in _nodes(workflow, "table"):
        if not node["parameters"].get("options", {}).get("createIfNotExists"):
            yield node["name"], "makes a data table without createIfNotExists: it works once"
    for node in _nodes(workflow, "row"):
        locator = node["parameters"].get("dataTableId", {})
        if locator.get("mode") != "id" or not parameters.computed(locator.get("value")):
            yield node["name"], "names a data table of one installation: read the id of a made one"
        conditions = node["parameters"].get("filters", {}).get("conditions", [])
        if len(conditions) > 1 and "matchType" not in node["parameters"]:
            yield node["name"], "sets no matchType: n8n would take rows that meet any condition"


def columns(workflow):
    """Rows are chosen, sorted and written by columns that a data table made here has."""
    known = SYSTEM_COLUMNS.union(*(each.keys() for each in made(workflow).values()))
    for node in _nodes(workflow, "row"):
        values = node["parameters"]
        named = [each.get("keyName") for each in values.get("filters", {}).get("conditions", [])]
        named += [values["orderByColumn"]] if "orderByColumn" in values else []
        named += values.get("columns", {}).get("value") or []
        for name in named:
            if name not in known:
                yield node["name"], f"names the column {name}, which no data table here has"


def made(workflow):
    """Return the data tables that *workflow* makes: `{name: {column: type}}`."""
    tables = {}
    for node in _nodes(workflow, "table"):
        listed = node["parameters"].get("columns", {}).get("column", [])
        types = {column["name"]: column.get("type", "string") for column in listed}
        tables.setdefault(node["parameters"].get("tableName"), {}).update(types)
    return tables


def _nodes(workflow, resource):
    return [
        node
        for node in workflow["nodes"]
        if node["type"] == DATA_TABLE and node["parameters"].get("resource", "row") == resource
    ]
