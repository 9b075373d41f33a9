"""SIPUMA's own service: complaints, with their procedure, rules, forms and words."""
