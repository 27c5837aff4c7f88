"""Check a node's parameters against what n8n says of its type."""

EMPTY = {"boolean": False, "number": 0, "collection": {}, "fixedCollection": {}, "multiOptions": []}
"""Defaults that the table leaves out, by type; the others are the empty text."""

KINDS = {
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "collection": dict,
    "fixedCollection": dict,
    "multiOptions": list,
    "resourceLocator": dict,
    "resourceMapper": dict,
}
"""What a literal value of a property's type is in JSON."""


def faults(values, properties, root=None, path=""):
    """Return what is wrong with *values* of *properties*; *root* are the node's own values."""
    siblings = values if root is None else {**values, "/": root}
    root = values if root is None else root
    visible = [each for each in properties if _visible(each, siblings, properties)]
    found = []
    for name in values:
        if name not in {each["name"] for each in properties}:
            found.append(f"has the unknown parameter {path}{name}")
        elif name not in {each["name"] for each in visible}:
            found.append(f"has the parameter {path}{name}, which has no effect beside the others")
    for each in visible:
        name = each["name"]
        if name in values:
            found += _value_faults(values[name], each, root, f"{path}{name}")
        if each.get("required") and values.get(name, _default(each)) in (None, "", [], {}):
            found.append(f"lacks the parameter {path}{name}")
    return found


def computed(value):
    """True if *value* is an expression, known only when the workflow runs."""
    return isinstance(value, str) and value.startswith("=")


def texts(value, path=""):
    """Yield every text inside *value* with the path to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inside in value.items():
            yield from texts(inside, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from texts(inside, f"{path}[{number}]")


def _value_faults(value, each, root, path):
    if computed(value):
        return []
    kind = KINDS.get(each["type"])
    if kind and (not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))):
        return [f"has a {path} that is no {each['type']}"]
    if each["type"] in ("options", "multiOptions") and "options" in each:
        chosen = value if isinstance(value, list) else [value]
        return [f"has the unknown {path} {one!r}" for one in chosen if one not in each["options"]]
    if each["type"] == "collection":
        return faults(value, each["options"], root, f"{path}.")
    if each["type"] == "fixedCollection":
        return _collection_faults(value, each, root, path)
    if each["type"] == "resourceLocator":
        return _locator_faults(value, each, path)
    if each["type"] == "resourceMapper":
        return _mapper_faults(value, path)
    return []


def _locator_faults(value, each, path):
    if value.get("mode") not in each["options"]:
        return [f"has the unknown {path}.mode {value.get('mode')!r}"]
    return [] if value.get("value") else [f"lacks the parameter {path}.value"]


def _mapper_faults(value, path):
    """A column that the mapper's own copy of the table's columns lacks is not shown by n8n."""
    mapped = value.get("value") or {}
    known = {column["id"] for column in value.get("schema", []) if not column.get("removed")}
    if not mapped:
        return [f"lacks the parameter {path}.value"]
    return [f"has a {path}.value.{name} that its schema lacks" for name in mapped.keys() - known]


def _collection_faults(value, each, root, path):
    found = []
    for group, inside in value.items():
        if group not in each["options"]:
            found.append(f"has the unknown parameter {path}.{group}")
            continue
        if isinstance(inside, list) != bool(each.get("many")):
            found.append(f"has a {path}.{group} that is {'no' if each.get('many') else 'a'} list")
            continue
        for one in inside if each.get("many") else [inside]:
            found += faults(one, each["options"][group], root, f"{path}.{group}.")
    return found


def _visible(each, values, properties):
    show, hide = each.get("show", {}), each.get("hide", {})
    return all(
        _fits(_current(name, values, properties), wanted, unsure=True)
        for name, wanted in show.items()
    ) and not any(
        _fits(_current(name, values, properties), wanted, unsure=False)
        for name, wanted in hide.items()
    )


def _current(name, values, properties):
    """Return the value that a display condition on *name* sees, or None if we cannot know."""
    if name.startswith("@"):
        return False  # the node is no tool of an agent, and no feature flag is set
    if name.startswith("/"):
        values, name = values.get("/", values), name[1:]
    if "." in name:
        outer, _, inner = name.partition(".")
        return _current(inner, values.get(outer, {}), [])
    if name in values:
        return values[name]
    return next((_default(each) for each in properties if each["name"] == name), None)


def _fits(value, wanted, unsure):
    if value is None or computed(value):
        return unsure
    return any(_meets(value, one, unsure) for one in wanted)


def _meets(value, one, unsure):
    if not isinstance(one, dict):
        return one in value if isinstance(value, list) else value == one
    ((how, bound),) = one["_cnd"].items()
    known = {"eq": value == bound, "not": value != bound, "exists": value not in ("", [], {})}
    return known.get(how, unsure)


def _default(each):
    return each.get("default", EMPTY.get(each["type"], ""))
