# Tries errors whose causes go round in a circle.
# expect: error
a, b = ValueError("a"), ValueError("b")
a.__cause__, b.__cause__ = b, a
raise a
