known = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "s", "t", "u", "v", "w"]
a = 3 * 7 - 2 ** 3 // 3
b = (a, a + 1, *[4, 5])
c = {"x": 1, **{"y": 2}, "z": [1, 2, 3]}
d = [n * m for n in range(4) for m in range(n) if m % 2 == 0]
e = {k: v for k, v in zip("abc", range(3))}
first, *middle, last = range(6)
f = [first, middle, last]
g = c["z"][-1] + c.get("q", 10)
h = "conv%d_%s" % (3, "x") + f"-{a:03d}-{b}"
i = 1 < a < 100 and not False or None
j = a if a > 100 else -a
k = sum(x for x in d) + max(d) + min(4, 2) + len(c)
s = "a,b,c".split(",")[1].upper()
t = [1, 2, 3, 4, 5][1:4][::-1]
u = sorted([3, 1, 2], reverse=True)
v = divmod(17, 5)
c["w"] = 5
c["z"].append(9)
del c["x"]
w = list(c.items())
