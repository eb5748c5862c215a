"""Revisions of the tables, run by ``core.store.migrate``."""
