"""The pages of ``docs/problems``, one for each kind of problem.

    python docs/write_problems.py           # tell which pages are stale
    python docs/write_problems.py --write   # write them

What a page says comes from the problem's class and from its example in ``tests/problems``: a small program with one
mistake, which the engine reads here, and which the tests run on the framework.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "server"), str(ROOT / "tests")]

from test_questions import fixed  # noqa: E402

from shape_engine import Engine, render  # noqa: E402
from shape_engine.problems import all_problems  # noqa: E402

PAGES = ROOT / "docs" / "problems"
EXAMPLES = ROOT / "tests" / "problems"
NAMES = {"keras": "Keras", "tf_keras": "Keras 2", "tensorflow": "TensorFlow", "torch": "PyTorch", "numpy": "NumPy"}

PAGE = """\
# {code}

{meaning}

## A program that raises it

{about}

```python
{program}
```

{raises}

```text
{exception}
```

Shapelens says:

```text
{headline}
```

## The same, repaired

```python
{repaired}
```
{offered}
## Not to be told

For one line, end it with `# shapelens: ignore[{code}]`. For a project, in `pyproject.toml`:

```toml
[tool.shapelens.rules]
{code} = "ignore"  # or "hint", "info", "warn", "error"
```
"""


def page(example: Path) -> str:
    """The page of the code that an example raises."""
    text = example.read_text(encoding="utf-8")
    program = _program(text)
    engine = Engine()
    (finding,) = engine.update("file:///example.py", 1, program).findings
    version = ".".join(map(str, finding.version))
    name = NAMES.get(finding.framework, finding.framework)
    offered = list(dict.fromkeys(fix.title for fix in engine.fixes("file:///example.py", finding)))
    line = finding.span.line
    return PAGE.format(
        code=finding.code,
        meaning=meaning(finding.code),
        about=ast.get_docstring(ast.parse(text)),
        program=program.rstrip(),
        raises=f"With {name} {version}, line {line} raises"
        if finding.raised.type
        else f"With {name} {version}, this is said of line {line}:",
        exception=render.exception(finding),
        headline=render.headline(finding, "file:///example.py"),
        repaired=_program(fixed(example)).rstrip(),
        offered="".join(f"\nThe editor offers: {title}\n" for title in offered),
    )


def meaning(code: str) -> str:
    """What the author of the class says, as far as it is about the problem and not about its fields."""
    kind = next(problem for problem in all_problems() if problem.code == code)
    first = re.split(r"(?<=\.)\s+(?=``|[A-Z])", " ".join((kind.__doc__ or "").split()))[0]
    return re.sub(r"``([^`]*)``", r"*\1*", re.sub(r"[;:,] ``\w+`` [^.]*\.$", ".", first))


def _program(text: str) -> str:
    """A program without its docstring and without the marks of the tests."""
    lines = text.split('"""\n', 1)[1].splitlines()
    return "\n".join(line.partition("#~")[0].partition("#!")[0].rstrip() for line in lines).strip("\n") + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the pages that are stale")
    options = parser.parse_args()
    fresh = {PAGES / f"{example.stem}.md": page(example) for example in sorted(EXAMPLES.glob("*.py"))}
    stale = [path for path, text in fresh.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    gone = [path for path in PAGES.glob("*.md") if path not in fresh]
    if options.write:
        PAGES.mkdir(exist_ok=True)
        for path in stale:
            path.write_text(fresh[path], encoding="utf-8")
        for path in gone:
            path.unlink()
    for path in (*stale, *gone):
        print(path.relative_to(ROOT))
    return int(bool(stale or gone) and not options.write)


if __name__ == "__main__":
    sys.exit(main())
