"""No secret stands in a workflow file: it is for everybody who has the file.

A rule is a function of a workflow that yields `(node name, fault)`, as in `lint`.
"""

import re

from tests.workflows import parameters

SECRETS = {
    "a bearer token": r"\b[Bb]earer\s+(?!\{\{)[\w.~+/-]{8,}",
    "a LeadFly API key": r"\blf[pi]?_[A-Za-z0-9]{4,}_[\w-]{8,}",
    "a provider's key": r"\b(?:sk|pk|rk|xox[abpr]|gh[pousr]|glpat|AKIA)[-_]?[A-Za-z0-9_-]{16,}",
    "a JSON web token": r"\beyJ[\w-]{8,}\.[\w-]{8,}",
    "a password in a URL": r"://[^/\s:@{}]+:[^/\s@{}]+@",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a long random text": r"(?<![\w/-])(?=[\w+/-]*[0-9])(?=[\w+/-]*[A-Za-z])[\w+/-]{40,}={0,2}",
}
SECRET_NAME = re.compile(r"authorization|api[-_]?key|password|passwd|secret|token|cookie", re.I)

SOURCE_TOKEN = re.compile(
    r"=\{\{ \(\(\) => \{ try \{ return \$env\.\w+ \} catch \(e\) \{ return undefined \} \}\)\(\)"
    r" \|\| '' \}\}"
)
"""How Config may name `source_token`: it stands in an address, where no credential can, and
opens nothing but that address. The file itself holds none."""


def rule(workflow):
    """No secret: a credential is named, and its value stays in n8n."""
    for node in workflow["nodes"]:
        for kind, credential in node.get("credentials", {}).items():
            if not isinstance(credential, dict) or credential.keys() - {"id", "name"}:
                yield node["name"], f"holds more of its credential {kind} than id and name"
        for path, text in parameters.texts(node["parameters"]):
            for what, pattern in SECRETS.items():
                if re.search(pattern, text):
                    yield node["name"], f"holds {what} in {path}"
        yield from ((node["name"], fault) for fault in _named(node["parameters"]))


def _named(value):
    """Yield the header or field that is named like a secret and has a literal value."""
    if isinstance(value, list):
        for inside in value:
            yield from _named(inside)
    elif isinstance(value, dict):
        name, text = value.get("name"), value.get("value")
        named = isinstance(name, str) and SECRET_NAME.search(name) and isinstance(text, str)
        if named and text and not (name == "source_token" and SOURCE_TOKEN.fullmatch(text)):
            yield f"writes the secret {name} into a node: use a credential"
        for inside in value.values():
            yield from _named(inside)
