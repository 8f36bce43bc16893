import os
import sys
import types

# exec of what is not known, at the top and in a class body

a, b = 1, 2
before = a, b
exec(os.environ.get("A_NAME_THAT_NOBODY_SETS", "b = 3"))
after = a, b


class Body:
    inner = 4
    exec(os.environ.get("A_NAME_THAT_NOBODY_SETS", "inner = 5"))
    out = inner


body = Body.inner, Body.out


class Holder:
    def __init__(self):
        self.width = 17
        exec(os.environ.get("A_NAME_THAT_NOBODY_SETS", "self.width = 18"))


class Updated:
    def __init__(self, names):
        self.width = 19
        self.__dict__.update(names)


widths = Holder().width, Updated({os.environ.get("A_NAME_THAT_NOBODY_SETS", "width"): 20}).width

# by the module's own mapping

m = n = o = p = 21
globals()[os.environ.get("A_NAME_THAT_NOBODY_SETS", "m")] = 22
m1 = m
locals()[os.environ.get("A_NAME_THAT_NOBODY_SETS", "n")] = 23
n1 = n
exec("o = 24", globals())
o1 = o


def reaching():
    exec("global p; p = 25")


reaching()
p1 = p

# a star of what cannot be read

made = types.ModuleType("made_by_nobody_else")
made.q, made.r = 26, (27, 28)
sys.modules[made.__name__] = made
q, r, pi = 29, 30, 3
from made_by_nobody_else import *

q1, r1 = q, r
from math import *

pi1 = pi
s = 31
try:
    from nowhere_to_be_found import *
except ImportError:
    s = 32
s1 = s

# setattr of a name that nobody knows: on an object, also after its names are lost, on a class, and of some names only

somebody = os.environ.get("A_NAME_THAT_NOBODY_SETS", "width")


class Set:
    height, depth = 34, 35

    def __init__(self, name):
        self.width = 36
        setattr(self, name, 37)
        self.length = 38

    def area(self):
        return self.length


first = Set(somebody)
w1, l1, area1 = first.width, first.length, first.area()
second = Set(os.environ.get("A_NAME_THAT_NOBODY_SETS", "height"))
w2, h2 = second.width, second.height
setattr(second, os.environ.get("A_NAME_THAT_NOBODY_SETS", "length"), 39)
l2 = second.length
setattr(Set, os.environ.get("A_NAME_THAT_NOBODY_SETS", "depth"), 40)
d2 = second.depth
third = Set("other")
third.width = 41
setattr(third, f"wid{os.environ.get('A_NAME_THAT_NOBODY_SETS', 'th')}", 42)
w3, l3 = third.width, third.length
delattr(third, f"len{os.environ.get('A_NAME_THAT_NOBODY_SETS', 'gth')}")
gone = hasattr(third, "length"), getattr(third, "length", 43)
either = Set("other") if somebody == "width" else Set("others")
setattr(either, somebody, 44)
w4 = either.width

# a text that is known; and all that has been bound since

known = ["area1", "c", "e", "f", "g1", "inner", "k", "k4", "l1", "l3", "t"]
c = 5
exec("c = c + 1; d = [n for n in range(c)]")
e = len(d)
for f in range(3):
    exec(f"g{f} = f * 10")


def inside():
    local = 9
    exec("local = 10")
    items = [local]
    exec("items.append(11)")
    return local, items


k1 = 12
inner = inside()[1][1]
k = inside()[0]
exec("k1 = 13", {})
space = {"k1": 15}
exec("k1 = 16", space)
k2 = space["k1"]
k4 = k1
exec("broken (") if os.environ.get("A_NAME_THAT_NOBODY_SETS") else None
t = 33
