"""The demo: made-up staff and complaints, so that somebody can look around before founding anything."""
