"""Forms of this room: what people may type, and what is said when it does not fit."""
