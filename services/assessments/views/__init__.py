"""The doors of this room: beginning, filling in, the quick check, the report, and sharing it."""
