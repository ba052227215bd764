# Tries to hang inside one call of C code, where no Python signal handler runs.
# expect: timeout
import re
re.match(r"(a+)+$", "a" * 64 + "!")
