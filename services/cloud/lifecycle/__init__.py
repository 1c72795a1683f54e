"""The tables of states of this room, one noun a file."""
