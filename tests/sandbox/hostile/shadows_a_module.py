# Tries to have its own file imported instead of the standard library's.
# expect: ok
# prints: refused
with open("colorsys.py", "w") as file:
    file.write("print('GOT IN')")
import colorsys
print("refused")
