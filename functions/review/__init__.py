"""Review: what is good about code that works, and what would make it better."""
