# Tries to change what it is given, for whoever compares later.
# expect: ok
# before: given = [3, 1, 2]
# call: (answer(given), given)
# value: tuple
def answer(numbers):
    numbers.clear()
    return sorted([3, 1, 2])
