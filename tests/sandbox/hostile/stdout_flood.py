# Tries to drown whoever reads.
# expect: output_limit
while True:
    print("x" * 1000)
