# Tries to take memory at once.
# expect: out_of_memory
x = bytearray(500 * 1024 * 1024)
