"""dead-letter: records what could not be delivered, and tells whoever waits."""
