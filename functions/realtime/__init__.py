"""realtime: brings what is said to people to them at once, over WebSockets and event streams."""
