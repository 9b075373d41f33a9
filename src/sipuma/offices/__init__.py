"""Offices, their teams and members, and the keys that let people work on cases."""
