"""One module a verb of the `sipuma` command: `add_options` and `run`."""
