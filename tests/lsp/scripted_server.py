"""The real server around an engine that does what the text says: for what the real engine cannot be made to do.

``name = shape(2, 3)`` observes a tensor, ``raise_(...)`` is a finding; ``#slow`` works until it is told to
stop, ``#crash`` raises, ``#crash-fixes`` raises when repairs are asked for, ``#crash-card`` breaks the hover.
``#uses OTHER`` depends on the text of another open document.
"""

import re
import sys
import time

from shape_engine import Fix, Snapshot, Stopped
from shape_engine.problems import NotPositive
from shape_engine.shape import Shape
from shape_engine.snapshot import Edit, Finding, Observation, Part
from shape_engine.value import Span, Tensor
from shape_engine.wording import Raised
from shapelens import server

ENDLESS = 5.0


class Unspeakable(Shape):
    def __iter__(self):
        raise RuntimeError("nobody can word this")


class Scripted:
    def __init__(self):
        self.texts, self.snapshots, self.stale = {}, {}, set()
        self.names = None

    def update(self, uri, version, text, should_stop=None):
        began = time.monotonic()
        while "#slow" in text and time.monotonic() - began < ENDLESS:
            if should_stop and should_stop():
                raise Stopped
            time.sleep(0.002)
        if re.search(r"#crash$", text, re.MULTILINE):
            raise RuntimeError("the engine has a bug")
        self.texts[uri] = text
        self.stale |= {other for other, t in self.texts.items() if other != uri and f"#uses {uri}" in t}
        self.snapshots[uri] = self.read(uri, version)
        return self.snapshots[uri]

    def read(self, uri, version):
        observations, findings = [], []
        for number, line in enumerate(re.split(r"\r\n|\r|\n", self.texts[uri]), 1):
            if found := re.match(r"(\w+) = shape\(([\d, ]*)\)", line):
                shape = Shape(int(dim) for dim in found[2].split(",") if dim.strip())
                for other in re.findall(r"#uses (\S+)", line):
                    shape = Shape((*shape, self.texts.get(other, "").count("\n")))
                value = Tensor(shape, "float32", "numpy")
                observations.append(Observation(Span(number, 0, number, found.end(1)), found[1], value, target=True))
            for found in re.finditer(r"raise_\(\)", line):
                span = Span(number, found.start(), number, found.end())
                raised = Raised("ValueError", "no such luck")
                findings.append(Finding(NotPositive("luck", 0), span, raised, "keras", (3, 15, 1)))
            if "#crash-card" in line:
                value = Tensor(Unspeakable((1,)), "float32", "numpy")
                observations.append(Observation(Span(number, 0, number, 4), "boom", value))
        return Snapshot(uri, version, tuple(findings), (Part(0, 10_000, tuple(observations)),))

    def refresh(self, should_stop=None):
        again = [self.read(uri, None) for uri in self.stale if uri in self.texts]
        self.stale.clear()
        return again

    def fixes(self, uri, finding):
        if "#crash-fixes" in self.texts[uri]:
            raise RuntimeError("no repair")
        return [Fix("Do not raise", (Edit(finding.span, "pass_()"),), preferred=True)]

    def ignoring(self, uri, finding):
        end = Span(finding.span.line, 999, finding.span.line, 999)
        return Fix(f"Ignore {finding.code} on this line", (Edit(end, f"  # ignores {finding.code}"),))

    def stating(self, uri, line, column):
        return []

    def close(self, uri):
        self.texts.pop(uri, None)

    def text(self, uri):
        return self.texts.get(uri)

    def snapshot(self, uri):
        return self.snapshots.get(uri)

    def invalidate(self, uris):
        pass


def make_engine(root, options, found, uri_of, text_of):
    return Scripted(), f"scripted, backend {options.backend or 'default'}"


def scripted():
    """The server, with a request for its copy of a text."""
    made = server.Server(make_engine)

    @made.feature("scripted/text")
    def text(params):
        return made.session.documents[params.uri].text.source

    return made


if __name__ == "__main__":
    server.log_to(None, "info")
    sys.exit(server.run(scripted()))
