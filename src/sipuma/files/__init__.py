"""Files on their way in and out: stored encrypted, scanned, looked at, cleaned. Knows nothing of cases."""
