"""The citizen's pages: home, filing, ticket, tracking; no script, no cookie."""
