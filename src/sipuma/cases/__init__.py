"""The case: its number, timeline, seals, workflow engine and deadlines; what any service builds on."""
