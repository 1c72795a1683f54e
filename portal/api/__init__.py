"""The read API, `/api/v1/`: what everybody may read on the pages, for machines."""
