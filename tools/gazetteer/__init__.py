"""Builds `shared/normalize/data/places.bin` from public data: see `__main__`."""
