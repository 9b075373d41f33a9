"""The staff's pages: sign-in, queue, case, team."""
