# Tries a line that never ends.
# expect: output_limit
while True:
    print("x", end="")
