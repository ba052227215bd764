# Tries to trip whoever shows the error.
# expect: error
class Trap(Exception):
    def __str__(self):
        raise SystemExit("from inside __str__")

raise Trap
