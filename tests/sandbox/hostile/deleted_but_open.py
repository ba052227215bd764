# Tries to hide files from who counts them: 61 megabytes is what descriptors allow.
# expect: error or killed
import sys
os = sys.modules["os"]
held = []
while True:
    file = open(f"{len(held)}.bin", "wb")
    os.unlink(file.name)
    file.write(b"x" * 1024 * 1024)
    file.flush()
    held.append(file)
