"""Pages of the cloud room."""
