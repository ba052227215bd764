# Tries to take memory step by step.
# expect: out_of_memory
x = [0]
while True:
    x = x + x
