"""Quiz: pose the question that suits a learner next, take an answer, and explain it."""
