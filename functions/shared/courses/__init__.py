"""Courses: what the tutor obeys when it helps a learner who is in one (README.md)."""
