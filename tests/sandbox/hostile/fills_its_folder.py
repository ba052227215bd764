# Tries to fill the disk with files of allowed size.
# expect: killed or error
import time
for number in range(200):
    with open(f"{number}.bin", "wb") as file:
        file.write(b"x" * 1024 * 1024)
    time.sleep(0.002)
time.sleep(0.5)
print("GOT IN")
