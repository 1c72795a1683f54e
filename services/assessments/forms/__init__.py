"""The shape of what is filled in: by an enterprise, and at the desk."""
