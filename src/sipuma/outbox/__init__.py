"""Messages on their way out: sealed rows, delivered by the worker, erased on delivery."""
