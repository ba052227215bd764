"""What LearnFlow costs, measured beside what the same work costs without it. Run by scripts/bench."""
