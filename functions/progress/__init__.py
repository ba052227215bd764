"""Progress: how far learners have come, as sums to which events are added in any order, however often they arrive."""
