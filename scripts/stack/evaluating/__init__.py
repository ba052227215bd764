"""What scripts/evaluate can judge, a module for each subject."""
