"""Training the triage classifier. Runs in an environment of its own: nothing that serves needs what it needs."""
