"""How good and how quick matching is: `python -m bench.matching`."""
