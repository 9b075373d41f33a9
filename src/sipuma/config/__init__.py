"""The house's entrance: settings, addresses, the WSGI application and the `sipuma` command."""
