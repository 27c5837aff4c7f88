"""What the API description says there is: routes, what opens them, and a request for each."""

import re
from dataclasses import dataclass
from itertools import chain

import leadfly.app
from shared.web import apidocs, health
from shared.web.openapi import description

DOCUMENT = description(
    "leadfly",
    (*leadfly.app.OPERATIONS, *health.OPERATIONS, *apidocs.OPERATIONS),
    keys_needed=True,
)
"""As `/openapi.json` answers it with `AUTH_MODE=keys`; a test holds the two equal."""

JSON = "application/json"


@dataclass(frozen=True, eq=False)
class Route:
    """One method of one address."""

    method: str
    path: str
    about: dict

    def __str__(self):
        return f"{self.method} {self.path}"

    @property
    def scope(self):
        """What a key must be allowed; None where no key is asked for."""
        scopes = set(chain.from_iterable(chain(*(n.values() for n in self.about["security"]))))
        assert len(scopes) <= 1, f"{self} asks for several scopes"
        return next(iter(scopes), None)

    @property
    def guarded(self):
        return bool(self.about["security"])

    @property
    def places(self):
        """The placeholders of the path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def media_types(self):
        return tuple(self.about.get("requestBody", {}).get("content", {}))

    def address(self, **names):
        """Return the path with *names* in place of its placeholders."""
        return re.sub(r"{(\w+)}", lambda place: str(names[place[1]]), self.path)

    def parameters(self, where):
        return {p["name"]: p for p in map(resolved, self.about["parameters"]) if p["in"] == where}

    def body(self):
        """Return a body that the route can read, or None if it reads none."""
        content = self.about.get("requestBody", {}).get("content", {})
        if JSON not in content:
            return {} if content else None
        for example in content[JSON].get("examples", {}).values():
            return dict(example["value"])
        return sample(content[JSON]["schema"], str(self))


def routes():
    """Return every route that is described, in the order of the description."""
    return [
        Route(method.upper(), path, about)
        for path, item in DOCUMENT["paths"].items()
        for method, about in item.items()
        if method in ("get", "put", "post", "delete", "patch")
    ]


def resolved(shape):
    """Return what *shape* says, or what it refers to."""
    while "$ref" in shape:
        found = DOCUMENT
        for step in shape["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        shape = found
    return shape


def sample(shape, of):
    """Return the least that *shape* asks for, by its own examples."""
    shape = resolved(shape)
    for alternatives in ("anyOf", "oneOf", "allOf"):
        if alternatives in shape:
            return sample(shape[alternatives][0], of)
    if shape.get("examples"):
        return shape["examples"][0]
    if "enum" in shape:
        return shape["enum"][0]
    if shape.get("type") == "object":
        fields = shape.get("properties", {})
        return {name: sample(fields[name], f"{of} {name}") for name in shape.get("required", ())}
    if shape.get("type") == "array":
        return [sample(shape["items"], of)]
    raise AssertionError(f"{of}: give the field an example in its schema, so that it can be tried")


ROUTES = routes()
