# Tries to wait for input that never comes.
# expect: timeout
import sys
while True:
    sys.stdin.read()
