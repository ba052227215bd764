"""debug: an error becomes an explanation, three hints, and, where a rule can make it, a corrected program."""
