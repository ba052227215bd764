# Tries to drown whoever reads, by way of an error.
# expect: error
raise ValueError("x" * 10**7)
