known = ["a", "b", "c", "d", "e"]
import json
import random

config = json.loads('{"sizes": [3, 4], "name": "x", "deep": {"on": true, "none": null}}')
a = (config["sizes"], config["deep"], config.get("gone", 1), list(config))
b = json.loads(json.dumps({"k": [1, 2.5, "t"]}))
c = sorted({"b": [1], "a": [2]}.items())
items = [1, 2, 3]
random.seed(0)
random.shuffle(items)
same = [7, 7]
random.shuffle(same)
d = (len(items), same, random.choice([4, 4]), random.sample([5, 5, 5], 2))
one, two = random.choice(items), random.randint(0, 1)
e = json.dumps({"a": (1, 2)}, indent=None)
