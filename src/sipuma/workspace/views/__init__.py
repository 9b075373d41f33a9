"""The views of the staff pages: scoped fetch, form, one domain call, redirect."""
