# Tries to take memory in small pieces, so that there is none left to say so.
# expect: out_of_memory
x = []
while True:
    x.append({"a": [1.5]})
