"""The pages of industrial services."""
