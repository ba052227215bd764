# Tries to go on while objects are taken down.
# expect: timeout
class Sticky:
    def __del__(self):
        while True:
            pass

x = Sticky()
del x
