"""What `make` runs beside the installed programs: checks, locks and a private PostgreSQL."""
