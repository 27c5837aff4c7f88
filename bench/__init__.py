"""Benchmarks that a user can run: `make bench`."""
