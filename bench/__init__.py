"""How fast the portal is, told in ratios to the least the same machine needs for the same thing.

`bin/bench` fills databases of its own by a seeded generator, lets the portal and the floor take turns in one
run, and fails when a goal is missed by far. `docs/performance.md` says what the figures mean.
"""
