"""triage: decides what a question is about and which function answers it."""
