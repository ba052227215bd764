"""How well the guard holds: tries to talk a tutor out of a solution, and answers that must not be held back."""
