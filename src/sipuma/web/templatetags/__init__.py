"""Template tags of SIPUMA."""
