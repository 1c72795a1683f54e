"""Every change of this room, one noun a file."""
