"""The output guard: what no answer may hold, whoever wrote it, and what to do about an answer that holds it."""
