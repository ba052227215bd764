"""gateway: the HTTP API that people's programs talk to; questions leave it as events, answers come back by request."""
