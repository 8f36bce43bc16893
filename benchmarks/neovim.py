"""Edit → problem shown, as the screen of the real Neovim shows it, in a terminal.

    tests/editors/install.sh nvim-0.12 nvim-0.10 && python benchmarks/neovim.py [--rounds 30] [--lines 100 1000 10000]

A digit is replaced by one that makes a kernel too large, and put back, at the end of a text of several lengths.  The
times run from the keys to the screen on which the message is there ("wrong") or gone ("right"); they are milliseconds,
the median with the ninth decile behind it.  "floor" is a server inside of Neovim that looks at nothing but the digit:
Neovim's own share.  Neovim sends a change at once that comes 150 ms after the last one (``debounce_text_changes``), as here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from workload import program

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests")]

from editors.terminal import Terminal  # noqa: E402
from editors.test_neovim import configured  # noqa: E402
from editors.user import User  # noqa: E402
from editors.user import program as installed  # noqa: E402
from vscode import told  # noqa: E402

MISTAKE = "\nsmall = tf.zeros((1, 5, 5, 3))\nlast = layers.Conv2D(8, 7)(small)\n"
SIGN = "<<<"  # stands before a message beside its line
SHOWN = f"vim.diagnostic.config({{ virtual_text = {{ prefix = '{SIGN}' }} }})\n"
FLOOR = """
vim.api.nvim_create_autocmd('FileType', { pattern = 'python', callback = function(event)
  local function server(dispatchers)
    local function tell(wrong)
      local line = vim.api.nvim_buf_line_count(event.buf) - 1
      local range = { start = { line = line, character = 24 }, ['end'] = { line = line, character = 25 } }
      dispatchers.notification('textDocument/publishDiagnostics', {
        uri = vim.uri_from_bufnr(event.buf),
        diagnostics = wrong and { { range = range, message = 'wrong', severity = 1 } } or {},
      })
    end
    return {
      request = function(method, _, callback)
        callback(nil, method == 'initialize' and { capabilities = { textDocumentSync = 2 } } or nil)
        return true, 1
      end,
      notify = function(method, params)
        if method == 'textDocument/didOpen' then tell(true) end
        if method == 'textDocument/didChange' then tell(params.contentChanges[1].text:find('7') ~= nil) end
        return true
      end,
      is_closing = function() return false end,
      terminate = function() end,
    }
  end
  vim.lsp.start({ name = 'floor', cmd = server })
end })
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, help="edits there and back (default: %(default)s)")
    parser.add_argument("--lines", type=int, nargs="*", default=[100, 1000, 10_000])
    options = parser.parse_args()
    print("milliseconds, p50 (p90)")
    print(f"{'Neovim':>8}{'server':>12}{'lines':>8}{'wrong':>16}{'right':>16}")
    for version in "0.10", "0.12":
        for server in "shapelens", "floor":
            for lines in options.lines:
                with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
                    wrong, right = measure(version, server, lines, options.rounds, Path(name).resolve())
                print(f"{version:>8}{server:>12}{lines:>8}{told(wrong):>16}{told(right):>16}", flush=True)


def measure(version: str, server: str, lines: int, rounds: int, folder: Path) -> tuple[list[float], list[float]]:
    """Times until the message beside the last line is on the screen, and until it no longer is."""
    user, init = configured(folder, version)
    text = Path(init).read_text("utf-8") if server == "shapelens" else FLOOR
    Path(init).write_text("vim.o.swapfile = false\n" + text + SHOWN, "utf-8")
    user.file.write_text(program(lines) + MISTAKE, "utf-8")
    right, wrong = [], []
    with opened(version, user, init) as terminal:
        terminal.shows(SIGN)
        terminal.press("$F7:echo 'ready for keys'\r")
        terminal.shows("ready for keys")
        for number in range(rounds + 1):
            times = timed(terminal, "r3", False), timed(terminal, "r7", True)
            if number:  # the first one warms up
                right.append(times[0])
                wrong.append(times[1])
    return wrong, right


def opened(version: str, user: User, init: str) -> Terminal:
    """Neovim with the file, the cursor in its last line."""
    command = [installed(f"nvim-{version}", "nvim"), "-u", init, "+", str(user.file)]
    return Terminal(command, user.project, user.environ, columns=120)


def timed(terminal: Terminal, keys: str, wanted: bool) -> float:
    """From the keys to the screen with the message, or without it."""
    start = time.perf_counter()
    terminal.press(keys)
    terminal.until(lambda: (SIGN in terminal.text) == wanted, f"{keys} is answered", settle=False)
    taken = time.perf_counter() - start
    terminal.until(lambda: True, "it is quiet")
    return taken * 1000


if __name__ == "__main__":
    main()
