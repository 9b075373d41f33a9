"""The staff pages: signing in, the queue, the case and its moves, teams and accounts."""
