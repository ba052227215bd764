"""struggle: sees from what learners do that one of them is stuck, and says why."""
