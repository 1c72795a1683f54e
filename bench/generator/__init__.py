"""A province drawn from a seed: enterprises with facets and an owner each, notices with items, requests.

The same seed and numbers give the same rows.
"""
