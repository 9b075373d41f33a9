"""Papers of the reception desk: the complaint form, the receipt, and the report of its work."""
