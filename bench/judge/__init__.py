"""A second generator of labelled leads, which judges the engine and never serves to fit it."""

from bench.judge.casting import arrivals

__all__ = ["arrivals"]
