"""The developer's interface: one verb per file here, their Python in `scripts.stack`."""
