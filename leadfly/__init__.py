"""Composes the services: command line, all of them in one process, local supervisor."""
