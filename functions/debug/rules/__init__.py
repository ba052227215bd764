"""Rules: what each kind of mistake looks like, one family of errors a module, its texts in the data file beside it."""
