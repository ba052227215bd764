# Tries to run for ever.
# expect: timeout
print("before")
while True:
    pass
