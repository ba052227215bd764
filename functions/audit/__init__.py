"""audit: keeps every event that crosses the broker."""
