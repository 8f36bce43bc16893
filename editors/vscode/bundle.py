"""Puts the server, the libraries that it needs and an example into ``python``, for the package to be built.

Everything is pure Python, so that one package serves all platforms and every Python from 3.10 on.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIBS = HERE / "python" / "libs"
OURS = (ROOT / "server" / "shapelens", ROOT / "shape_engine")
EXAMPLE = ROOT / "examples" / "conv2d.py"
REQUIREMENTS = HERE / "requirements.txt"
PURE = (
    "--only-binary",
    ":all:",
    "--platform",
    "any",
    "--implementation",
    "py",
    "--abi",
    "none",
    "--python-version",
    "3.10",
)
UNUSED = ("jedi/third_party/django-stubs", "jedi/third_party/typeshed/stubs")  # stubs of other people's packages: 27 MB
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "bin")


def main() -> None:
    """Libraries are fetched when the list of them has changed; what is ours is copied anew."""
    asked = REQUIREMENTS.read_text(encoding="utf-8")
    stamp = LIBS / "requirements.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != asked:
        shutil.rmtree(LIBS, ignore_errors=True)
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-compile",
        ]
        subprocess.run([*pip, *PURE, "--target", str(LIBS), "-r", str(REQUIREMENTS)], check=True)
        for name in UNUSED:
            shutil.rmtree(LIBS / name)
        stamp.write_text(asked, encoding="utf-8")
    for folder in OURS:
        shutil.rmtree(LIBS / folder.name, ignore_errors=True)
        shutil.copytree(folder, LIBS / folder.name, ignore=LEFT_OUT)
    shutil.copy(EXAMPLE, LIBS.parent / "example.py")
    compiled = [path for path in LIBS.rglob("*") if path.suffix in (".so", ".pyd", ".dylib", ".dll")]
    if compiled:
        raise SystemExit(f"these belong to one platform only: {', '.join(map(str, compiled))}")


if __name__ == "__main__":
    main()
