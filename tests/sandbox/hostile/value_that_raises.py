# Tries to trip whoever shows its value.
# expect: ok
# call: Trap()
# value: other
class Trap:
    def __repr__(self):
        raise SystemExit("from inside __repr__")
