"""The edge: what the functions share that people reach, the gateway and realtime."""
