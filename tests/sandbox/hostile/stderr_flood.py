# Tries the same where fewer look.
# expect: output_limit
import sys
while True:
    sys.stderr.write("x" * 100_000)
