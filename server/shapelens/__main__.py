"""``python -m shapelens`` is the console command."""

import sys

from shapelens.cli import main

if __name__ == "__main__":
    sys.exit(main())
