"""A function that asks a language model and answers without one where there is no answer."""
