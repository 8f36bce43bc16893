"""Starts what is packed with the extension, as ``shapelens`` would be started: ``python -I serve.py server``."""

import os
import sys

if sys.version_info < (3, 10):  # noqa: UP036  (an older Python may be asked)
    sys.exit("shapelens needs Python 3.10 or newer, this is " + sys.version.split()[0] + " (" + sys.executable + ")")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs"))

from shapelens.cli import main

if __name__ == "__main__":
    sys.exit(main())
