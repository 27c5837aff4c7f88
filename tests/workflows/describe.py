"""Write `nodes.json`, what n8n says of the node types that our workflows may use.

Run it after a change of n8n's version or of VERSIONS, with n8n installed:
`make n8n-install`, then `python tests/workflows/describe.py`. The linter itself
needs no n8n: it reads the table.
"""

import json
import os
import sys
from pathlib import Path

VERSIONS = {
    "webhook": (2.1,),
    "respondToWebhook": (1.4,),
    "httpRequest": (4.2, 4.5),
    "set": (3.4,),
    "if": (2.2,),
    "switch": (3.4,),
    "merge": (3.2,),
    "wait": (1.1,),
    "code": (2,),
    "crypto": (2,),
    "errorTrigger": (1,),
    "scheduleTrigger": (1.2,),
    "dataTable": (1.1,),
    "stopAndError": (1,),
    "splitInBatches": (3,),
    "splitOut": (1,),
    "noOp": (1,),
    "stickyNote": (1,),
    "formTrigger": (2.6,),
}
"""Node types and the versions of them that were seen to run on the n8n we test with."""

KEPT = ("name", "type", "required", "default")

LONGEST_DEFAULT = 100
"""Characters; a longer default is content (a style sheet, a page), which no condition asks for."""

SILENT = {"notice", "button", "curlImport", "callout"}
"""Properties that only the editor shows."""


def table(descriptions):
    """Return `{"n8n-nodes-base.type": {"version": description}}`, without words for people."""
    found = {}
    for name, versions in VERSIONS.items():
        for version in versions:
            (whole,) = (
                description
                for description in descriptions
                if description["name"] in (name, f"n8n-nodes-base.{name}")
                and version in _listed(description["version"])
            )
            outputs = whole["outputs"]
            found.setdefault(f"n8n-nodes-base.{name}", {})[str(version)] = {
                "default_name": whole["defaults"].get("name", whole["displayName"]),
                "trigger": "trigger" in whole["group"],
                "inputs": len(whole["inputs"]) if isinstance(whole["inputs"], list) else None,
                "outputs": len(outputs) if isinstance(outputs, list) else None,
                "credentials": [each["name"] for each in whole.get("credentials", [])],
                "properties": _properties(whole["properties"], version),
            }
    return found


def _properties(properties, version):
    return [
        _property(each, version)
        for each in properties
        if each["type"] not in SILENT and _of_version(each, version)
    ]


def _property(whole, version):
    kept = {name: whole[name] for name in KEPT if whole.get(name) not in (None, False, "", {})}
    if len(str(kept.get("default", ""))) > LONGEST_DEFAULT:
        del kept["default"]
    show = _without_version(whole.get("displayOptions", {}).get("show", {}))
    hide = _without_version(whole.get("displayOptions", {}).get("hide", {}))
    kept |= {"show": show} if show else {}
    kept |= {"hide": hide} if hide else {}
    if whole.get("typeOptions", {}).get("multipleValues"):
        kept["many"] = True
    options = whole.get("options", [])
    if whole["type"] == "collection":
        kept["options"] = _properties(options, version)
    elif whole["type"] == "fixedCollection":
        kept["options"] = {each["name"]: _properties(each["values"], version) for each in options}
    elif whole["type"] == "resourceLocator":
        kept["options"] = sorted(each["name"] for each in whole["modes"])
    elif whole["type"] in ("options", "multiOptions") and not _loaded(whole):
        kept["options"] = sorted(
            {each["value"] for each in options if _of_version(each, version)}, key=str
        )
    return kept


def _loaded(whole):
    return any(name.startswith("loadOptions") for name in whole.get("typeOptions", {}))


def _of_version(whole, version):
    display = whole.get("displayOptions", {})
    shown = display.get("show", {}).get("@version")
    hidden = display.get("hide", {}).get("@version")
    return (shown is None or _among(version, shown)) and not (
        len(display.get("hide", {})) == 1 and hidden is not None and _among(version, hidden)
    )


def _without_version(conditions):
    return {name: values for name, values in conditions.items() if name != "@version"}


def _among(version, values):
    return any(_meets(version, value) for value in values)


def _meets(version, value):
    if not isinstance(value, dict):
        return version == value
    ((how, bound),) = value["_cnd"].items()
    return {
        "eq": lambda: version == bound,
        "not": lambda: version != bound,
        "gte": lambda: version >= bound,
        "gt": lambda: version > bound,
        "lte": lambda: version <= bound,
        "lt": lambda: version < bound,
        "between": lambda: bound["from"] <= version <= bound["to"],
    }[how]()


def _listed(version):
    return version if isinstance(version, list) else [version]


if __name__ == "__main__":
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = Path(os.environ.get("LEADFLY_N8N_CACHE") or Path(caches) / "leadfly" / "n8n")
    package = cache / "app/node_modules/n8n-nodes-base"
    if not package.exists():
        sys.exit("n8n is not installed: make n8n-install")
    version = json.loads((package / "package.json").read_text())["version"]
    types = table(json.loads((package / "dist/types/nodes.json").read_text()))
    lines = (
        f' "{name}": ' + json.dumps(versions, separators=(",", ":"), sort_keys=True)
        for name, versions in types.items()
    )
    written = f'{{"n8n-nodes-base": "{version}", "types": {{\n' + ",\n".join(lines) + "\n}}\n"
    (Path(__file__).parent / "nodes.json").write_text(written)
