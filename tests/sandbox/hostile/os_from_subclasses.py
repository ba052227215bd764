# Tries to get round the courtesy policy by the classes that there are.
# expect: ok
# prints: refused
for kind in object.__subclasses__():
    if kind.__name__ == "_wrap_close":
        try:
            kind.__init__.__globals__["fork"]()
            print("GOT IN")
        except OSError:
            print("refused")
