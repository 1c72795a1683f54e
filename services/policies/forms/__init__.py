"""Input of this room: the public filters, the three questions, and the desk's editor."""
