"""`make bench`: what SIPUMA costs, as ratios to the least that could do the same work in the same run."""
