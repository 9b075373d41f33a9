"""Resumable uploads at the desk (tus 1.0.0): a long file survives a broken line, in encrypted segments."""
