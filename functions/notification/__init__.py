"""notification: tells people what they should know about a learner or about themselves, by the ways they chose."""
