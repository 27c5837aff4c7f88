"""The labelled streams: the generator that a model is fitted on, and the one that only judges."""

from importlib import import_module

from bench.leads.arrival import Arrival

MODULES = {"leads": "bench.leads.generator", "judge": "bench.judge"}
"""By name, the module that offers `arrivals(seed, people)`."""


class NoGenerator(Exception):
    """There is no such generator here."""


def arrivals(generator: str, seed: int, people: int) -> list[Arrival]:
    """Return the arrivals of a generator. Raises NoGenerator if it is not there."""
    name = MODULES.get(generator, "")
    try:
        module = import_module(name) if name else None
    except ModuleNotFoundError as error:
        if not name.startswith(error.name or "?"):
            raise
        module = None
    if module is None:
        raise NoGenerator(f"there is no generator {generator}")
    found: list[Arrival] = module.arrivals(seed, people)
    return found
