"""What the scripts are made of: Kafka, PostgreSQL and the local runtime, started, looked at and stopped."""
