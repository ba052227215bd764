# Tries a value that is equal to everything. What comes back says what it is.
# expect: ok
# call: answer()
# value: other
class Yes(int):
    def __eq__(self, other):
        return True

    @property
    def __class__(self):
        return int

def answer():
    return Yes(41)
