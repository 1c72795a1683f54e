"""Classify an enterprise by official tables: region, industry, size, credit code, qualifications.

Pure: no database, no clock, no settings. Functions return codes and the names of the tables, never sentences.
"""
