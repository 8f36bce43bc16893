known = ["a0", "b0", "kept", "z0"]
import os
import types

flag = bool(os.environ.get("A_NAME_THAT_NOBODY_SETS"))
mystery = types.FunctionType((lambda *args, **kwargs: [getattr(x, "clear", lambda: None)() for x in args]).__code__, {"getattr": getattr})

# a list that is one of two
a, b = [1, 2], [3, 4]
one = a if flag else b
one.append(5)
a1, b1, one1 = len(a), len(b), len(one)
c, d = [1, 2], [3, 4]
two = d if not flag else c
d.append(5)
two1 = list(two)
e, f = [1], [2, 3]
three = e if flag else f
three.append(4)
f1 = len(f)
g, h = {"k": [1]}, {"k": [2]}
four = g if flag else h
four["k"].append(3)
h1 = h["k"]
four["new"] = 1
h2 = sorted(h)

# through a function, an attribute, a tuple, a loop


def pick(x, y):
    if flag:
        return x
    return y


i, j = [1], [2]
pick(i, j).append(3)
j1 = list(j)


class Box:
    def __init__(self, items):
        self.items = items
        self.n = 1

    def grow(self):
        self.n += 1


k, m = Box([1]), Box([2])
five = k if flag else m
five.items.append(3)
five.n = 10
m1, m2 = m.items, m.n
five.grow()
m3 = m.n
n, o = ([1], 0), ([2], 0, 0)
six = n if flag else o
six[0].append(9)
o1 = o[0]
p = [0]
q = [[1], [2]]
seven = q[0]
for name in os.environ:
    seven = q[1]
seven.append(5)
q1, q2 = list(q[0]), list(q[1])
r = [1]
s = None
while not flag:
    s = r
    if len(os.environ) >= 0:
        break
s.append(2)
r1 = len(r)

# handed to code that is not known, alone or inside of something
t, u, v = [1], [2], [3]
mystery([t], {"k": u}, v)
mystery(t, u)
t1, u1, v1 = len(t), len(u), len(v)
w = Box([1])
mystery(w.items)
w1, w2 = w.items, w.n
x = [1]
holder = {"x": x}
index = len(os.environ) * 0
rows = [x, x]
rows[index].append(2)
x1 = len(x)
table = {}
table[os.environ.get("PATH", "") and "key"] = y = [1]
for value in table.values():
    value.append(2)
y1 = len(y)

# what nothing has touched stays known
a0, b0 = [7], {"k": (1, 2)}
fresh = [0] if flag else [1]
fresh.append(2)
kept = (a0, b0["k"], p)
z = [1]
z0 = z + [2]
