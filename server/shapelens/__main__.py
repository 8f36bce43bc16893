"""``python -m shapelens`` is the console command.

``python -m`` puts the working directory in front of ``sys.path``.  That is the folder that somebody has
opened, and an import of ours (``typing``, ``rich``) would run a file of it: it is taken away first.
"""

import os
import sys

if sys.path and sys.path[0] in ("", os.getcwd()) and not __file__.startswith(os.path.join(os.getcwd(), "")):
    del sys.path[0]

from shapelens.cli import main

if __name__ == "__main__":
    sys.exit(main())
