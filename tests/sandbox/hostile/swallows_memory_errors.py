# Tries to ask for memory again and again.
# expect: timeout
while True:
    try:
        x = bytearray(10**9)
    except MemoryError:
        pass
