known = ["g"]
import numpy as np

a = np.array([2, 3])
b = a
a[0] = 5
a0 = int(b[0])
c = np.array([2, 3])
d = c[1:]
c += 1
d0 = int(d[0])
e = np.arange(3)
f = e.reshape(3, 1)
e.fill(2)
f0 = int(f[1, 0])
w = [np.array([1, 2])]
v = w[0]
v[1] = 7
w0 = int(np.concatenate(w)[1])
h = np.array([4, 5])
i = h
h += 1
i[0] = 0
h0 = int(h[0])


def double(values):
    values *= 2


k = np.array([1, 1])
double(k)
k0 = int(k[0])
m = np.array([3, 4, 5])
n = m[::-1]
np.copyto(m, np.array([7, 8, 9]))
n0 = int(n[0])
o = np.array([1, 2, 3])
o.sort()
p = np.array([0, 0])
np.add(p, 1, out=p)
p0 = int(p[0])
q = np.array([[1, 2], [3, 4]])
rows = [row for row in q]
q[0] = 9
r0 = int(rows[0][1])
s = np.array([4, 6])
s //= 2
t = s.copy()
t[0] = 100
g = (int(s[0]), int(s[1]), len(s), s.shape)
