"""The public doors of this room."""
