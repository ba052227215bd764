"""A class of learners, as one meets it: what they do, and how a running LearnFlow bears it."""
