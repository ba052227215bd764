"""delivery: brings every answer to the learner it is for."""
