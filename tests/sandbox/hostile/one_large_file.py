# Tries one file larger than allowed.
# expect: error
with open("x.bin", "wb") as file:
    file.write(b"x" * 3 * 1024 * 1024)
print("GOT IN")
