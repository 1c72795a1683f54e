"""Flagged sample data: generated, deterministic, with dates relative to the day of loading.

It goes only into the embedded database unless asked for. Nothing here is a real enterprise: the names
say so, the addresses end in `.example` and are never handed to a mail server.
"""
