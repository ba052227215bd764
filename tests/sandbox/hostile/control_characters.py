# Tries characters that take six bytes each where they are sent on.
# expect: ok or output_limit
print("\x01" * 40_000)
