"""Exercise: hand out exercises, and grade what is handed in by what the sandbox saw of it."""
