"""Standing: how far a learner has come, reckoned from what is kept of them. Progress keeps it, and others read it."""
