# Tries bytes that are no text, and text that takes over a terminal.
# expect: ok
import sys
sys.stdout.buffer.write(b"\xff\xfe\x00\x1b[2J\x1b]0;owned\x07\xed\xa0\x80\n")
sys.stdout.buffer.flush()
print("\ud800 lone", "\0 nul")
