"""The rival: Django views that do the same cryptography, inserts or template, and nothing else."""
