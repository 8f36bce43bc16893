"""Notebooks that the editor keeps in sync: cells are one program from the top to the bottom, and each hears of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import pytest_lsp
from lsp.editor import ENVIRONMENT, SERVER, Editor, label, make_editor
from lsprotocol import types
from pytest_lsp import ClientServerConfig

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("lsp")]

HEAD = "%pip install -q keras\nfrom keras import Input, layers"
IMAGES = "x = Input((28, 30, 3), batch_size=1)  # 😀"
CONV = "y = layers.Conv2D(8, 3)(x);\ndisplay(y)"
WRONG = "z = layers.Conv2D(8, 33)(y)"
CODE = "window-too-big"
TEXT = (
    "ValueError: Computed output size would be zero or negative. Received `inputs shape=(1, 26, 28, 8)`, "
    "`kernel shape=(33, 33, 8, 8)`, `dilation_rate=[1 1]`, `strides=(1, 1)`, `padding=valid`."
)


class Book:
    """A notebook in the editor, and what the editor sends when it is edited."""

    def __init__(self, editor: Editor, path: Path):
        self.editor, self.uri = editor, path.as_uri()
        self.scheme = self.uri.replace("file:", "vscode-notebook-cell:")
        self.cells: list[str] = []
        self.versions: dict[str, int] = {}
        self.version, self.made = 1, 0

    def open(self, *texts: str) -> list[str]:
        """Open it with these cells of code; a text that begins with ``#`` and a blank is one of prose."""
        items = [self.item(text) for text in texts]
        self.cells = [item.uri for item in items]
        document = types.NotebookDocument(self.uri, "jupyter-notebook", 1, list(map(self.cell, items)))
        self.editor.notebook_document_did_open(types.DidOpenNotebookDocumentParams(document, items))
        return self.cells

    def item(self, text: str, uri: str | None = None) -> types.TextDocumentItem:
        if uri is None:
            self.made += 1
            uri = f"{self.scheme}#W{self.made}sZmlsZQ%3D%3D"
        self.versions[uri] = 1
        self.editor.texts[uri] = text
        return types.TextDocumentItem(uri, "markdown" if text.startswith("# ") else "python", 1, text)

    @staticmethod
    def cell(item: types.TextDocumentItem) -> types.NotebookCell:
        prose = item.language_id == "markdown"
        return types.NotebookCell(types.NotebookCellKind.Markup if prose else types.NotebookCellKind.Code, item.uri)

    def splice(self, start: int, gone: int, *texts: str) -> list[str]:
        """Delete cells and insert others."""
        items = [self.item(text) for text in texts]
        closed = [types.TextDocumentIdentifier(uri) for uri in self.cells[start : start + gone]]
        self.structure(start, gone, list(map(self.cell, items)), items, closed)
        return [item.uri for item in items]

    def move(self, start: int, to: int) -> None:
        """Move a cell: its document stays open."""
        uri = self.cells[start]
        self.structure(start, 1, [], [], [])
        self.structure(to, 0, [types.NotebookCell(types.NotebookCellKind.Code, uri)], [], [])

    def turn(self, index: int, text: str) -> None:
        """Turn a cell from code to prose or back: the editor closes its document and opens it anew."""
        uri = self.cells[index]
        item = self.item(text, uri)
        self.structure(index, 1, [self.cell(item)], [item], [types.TextDocumentIdentifier(uri)])

    def structure(
        self,
        start: int,
        gone: int,
        cells: list[types.NotebookCell],
        opened: Iterable[types.TextDocumentItem],
        closed: Iterable[types.TextDocumentIdentifier],
    ) -> None:
        self.cells[start : start + gone] = [cell.document for cell in cells]
        array = types.NotebookCellArrayChange(start, gone, cells)
        change = types.NotebookDocumentCellChangeStructure(array, list(opened), list(closed))
        self.send(types.NotebookDocumentCellChanges(structure=change))

    def replace(self, uri: str, old: str, new: str) -> None:
        """Type in a cell."""
        text = self.editor.texts[uri]
        at = text.index(old)
        where = self.editor.range_of(uri, at, at + len(old))
        self.editor.texts[uri] = text[:at] + new + text[at + len(old) :]
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        content = types.NotebookDocumentCellContentChanges(
            document, [types.TextDocumentContentChangePartial(where, new)]
        )
        self.send(types.NotebookDocumentCellChanges(text_content=[content]))

    def send(self, cells: types.NotebookDocumentCellChanges) -> None:
        self.version += 1
        document = types.VersionedNotebookDocumentIdentifier(self.version, self.uri)
        change = types.NotebookDocumentChangeEvent(cells=cells)
        self.editor.notebook_document_did_change(types.DidChangeNotebookDocumentParams(document, change))

    def close(self) -> None:
        cells = list(map(types.TextDocumentIdentifier, self.cells))
        document = types.NotebookDocumentIdentifier(self.uri)
        self.editor.notebook_document_did_close(types.DidCloseNotebookDocumentParams(document, cells))

    async def problems(self, uri: str) -> list[types.Diagnostic]:
        """The diagnostics of a cell."""
        return list((await self.editor.pull(uri)).items)

    async def shapes(self, uri: str) -> dict[str, str]:
        """The hints of a cell: what they say by the text on their left."""
        lines = self.editor.texts[uri].split("\n")
        hints = await self.editor.hints(uri)
        return {
            lines[h.position.line].encode("utf-16-le")[: 2 * h.position.character].decode("utf-16-le"): label(h)
            for h in hints
        }


@pytest_lsp.fixture(
    scope="module", config=ClientServerConfig(SERVER, client_factory=make_editor, server_env=ENVIRONMENT)
)
async def editor(lsp_client: Editor):
    lsp_client.set_configuration({"showSyntaxErrors": True}, section="shapelens")
    await lsp_client.begin("vscode_1.139.1_languageclient11")
    yield
    await lsp_client.shutdown_session()


LAB = """


get_ipython().run_line_magic("matplotlib", " inline")
files = get_ipython().getoutput("ls")
from keras import Input, layers
from sizes import KERNEL


x = Input((28, 30, 3), batch_size=1)
get_ipython().run_line_magic('pinfo',  'x')


# START_CELL_MAGIC("time", "")
y = layers.Conv2D(8, 3)(x)
# END_CELL_MAGIC


get_ipython().run_cell_magic("bash", "", \"\"\"ls 'it\"\"\")


z = layers.Conv2D(8, KERNEL)(y)
"""
"""What jupyterlab-lsp 5.3.0 sends of a notebook."""


@pytest_lsp.fixture(config=ClientServerConfig(SERVER, client_factory=make_editor, server_env=ENVIRONMENT))
async def lab(lsp_client: Editor):
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_what_jupyterlab_joins_is_a_notebook(lab: Editor, tmp_path: Path) -> None:
    """Its text lies in a folder of JupyterLab's; settings and modules are those beside the notebook itself."""
    folder = tmp_path / "week 1"
    folder.mkdir()
    (folder / "sizes.py").write_text("KERNEL = 33\n")
    (tmp_path / "shapelens.toml").write_text(f"[rules]\n{CODE} = 'hint'\n")
    virtual = tmp_path / ".virtual_documents"
    await lab.begin("jupyterlab-lsp_5.3.0", root_uri=virtual.as_uri())
    uri = (virtual / "week 1" / "book.ipynb").as_uri()
    lab.open(uri, LAB, version=0)

    def last() -> list[types.Diagnostic]:
        return list(lab.published[uri][-1].diagnostics) if uri in lab.published else []

    (found,) = await lab.until(last)
    assert (found.code, found.severity) == (CODE, types.DiagnosticSeverity.Hint)
    assert found.range.start.line == LAB[: LAB.index("z = ")].count("\n")
    assert lab.shown(uri, found.range) in ("y", "KERNEL")
    card = await lab.hover(uri, LAB.index("y = "))
    assert card is not None
    assert "y: (1, 26, 28, 8)" in card.contents.value
    lab.rewrite(uri, 0, LAB.replace("KERNEL)", "3)"))  # the number says nothing
    await lab.until(lambda: not last())
    lab.rewrite(uri, 0, LAB.replace("z =", 'get_ipython().run_line_magic("time", " y = f(y)")\nz ='))
    card = await lab.hover(uri, lab.texts[uri].index("(y)\n") + 1)
    assert card is None or "(1, 26, 28, 8)" not in card.contents.value
    assert last() == []
    lab.rewrite(uri, 1, LAB)
    await lab.until(last)
    lab.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await lab.until(lambda: not last())
    assert await lab.hover(uri, LAB.index("y = ")) is None


@pytest.fixture
def book(editor: Editor, tmp_path: Path) -> Book:
    return Book(editor, tmp_path / "a book.ipynb")


async def test_notebooks_are_announced(editor: Editor) -> None:
    sync = editor.answer.capabilities.notebook_document_sync
    assert sync is not None
    kinds = [selector.notebook.notebook_type for selector in sync.notebook_selector]
    assert kinds == ["jupyter-notebook", "interactive"]


async def test_cells_share_their_names(book: Book) -> None:
    head, images, _, conv, wrong = book.open(HEAD, IMAGES, "# Convolutions", CONV, WRONG)
    (found,) = await book.problems(wrong)
    assert found.code == CODE
    assert found.message.split("\n")[0].endswith("(input from Conv2D, cell 4 line 1)")
    assert found.message.endswith(TEXT)
    assert book.editor.shown(wrong, found.range) in ("33", "y")
    (related,) = [r for r in found.related_information if r.location.uri == conv]
    assert book.editor.shown(conv, related.location.range) == "layers.Conv2D(8, 3)(x)"
    for other in (head, images, conv):
        assert await book.problems(other) == []
    assert await book.shapes(conv) == {"y": ": (1, 26, 28, 8)"}
    assert await book.shapes(images) == {"x": ": (1, 28, 30, 3)"}
    card = await book.editor.hover(conv, 0)
    assert card is not None
    assert "y: (1, 26, 28, 8)" in card.contents.value
    assert card.range == types.Range(types.Position(0, 0), types.Position(0, 1))


async def test_an_edit_reaches_the_cells_below(book: Book) -> None:
    _, images, conv, wrong = book.open(HEAD, IMAGES, CONV, WRONG)
    assert len(await book.problems(wrong)) == 1
    seen = len(book.editor.requests)
    await book.shapes(conv)
    book.replace(images, "28, 30", "64, 64")
    await book.editor.until(
        lambda: (
            {m for m, _ in book.editor.requests[seen:]}
            >= {types.WORKSPACE_DIAGNOSTIC_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH}
        )
    )
    assert await book.problems(wrong) == []
    assert await book.shapes(conv) == {"y": ": (1, 62, 62, 8)"}
    assert await book.shapes(wrong) == {"z": ": (1, 30, 30, 8)"}


async def test_what_is_unchanged_is_not_sent_again(book: Book) -> None:
    _, images, _, wrong = book.open(HEAD, IMAGES, CONV, WRONG)
    report = await book.editor.pull(wrong)
    book.replace(images, "x = ", "# lines\n\nx = ")
    again = await book.editor.pull(wrong, report.result_id)
    assert again.kind == types.DocumentDiagnosticReportKind.Unchanged


async def test_cells_come_go_and_move(book: Book) -> None:
    _, images, conv, wrong = book.open(HEAD, IMAGES, CONV, WRONG)
    assert len(await book.problems(wrong)) == 1
    (new,) = book.splice(3, 0, "y = x")
    assert (await book.problems(wrong))[0].message.split("\n")[0].endswith("(input from keras.Input, cell 2 line 1)")
    assert await book.shapes(new) == {"y": ": (1, 28, 30, 3)"}
    book.splice(3, 1)
    assert (await book.problems(wrong))[0].message.split("\n")[0].endswith("(input from Conv2D, cell 3 line 1)")
    assert await book.problems(new) == []
    assert await book.editor.hover(new, 0) is None
    book.move(3, 1)  # the wrong one stands above all that it needs now
    assert book.cells == [book.cells[0], wrong, images, conv]
    assert await book.problems(wrong) == []
    book.move(1, 3)
    assert len(await book.problems(wrong)) == 1


async def test_a_cell_turns_into_prose_and_back(book: Book) -> None:
    _, _, conv, wrong = book.open(HEAD, IMAGES, CONV, WRONG)
    assert len(await book.problems(wrong)) == 1
    book.turn(2, "# y = layers.Conv2D(8, 3)(x)")
    assert await book.problems(conv) == []
    assert await book.problems(wrong) == []  # nobody knows what y is
    assert await book.editor.hover(conv, 2) is None
    assert await book.shapes(conv) == {}
    book.turn(2, CONV)
    assert len(await book.problems(wrong)) == 1
    assert await book.shapes(conv) == {"y": ": (1, 26, 28, 8)"}
    data = types.NotebookCell(types.NotebookCellKind.Markup, conv)
    book.send(types.NotebookDocumentCellChanges(data=[data]))
    assert await book.problems(wrong) == []


async def test_a_broken_cell_harms_no_other(book: Book) -> None:
    _, _, broken, _, conv, wrong = book.open(HEAD, IMAGES, "a = (x +", 'text = """never closed', CONV, WRONG)
    assert len(await book.problems(wrong)) == 1
    assert await book.shapes(conv) == {"y": ": (1, 26, 28, 8)"}
    (found,) = await book.problems(broken)
    assert found.message.startswith("SyntaxError")
    assert found.range.start == types.Position(0, 4)
    book.replace(broken, "x +", "x + x)")
    assert await book.problems(broken) == []
    assert await book.shapes(broken) == {"a": ": (1, 28, 30, 3)"}


async def test_ipython_is_no_error(book: Book) -> None:
    cells = book.open(
        HEAD,
        "%matplotlib inline\nx = Input((8, 8, 3))\n!ls -l | grep 'x'\nfiles = !ls\nx?\n??layers.Dense\nfor f in files:\n    !cat {f}",
        "%%bash\nfor f in *; do echo $f; done",
        "%%time\ny = layers.Flatten()(x)",
        "%time z = layers.Dense(3)(y)\nawait show(z)",
        "%%capture y\nprint(z)",
        "    # all of it indented\n    w = layers.Dense(5)(z);",
        "layers.Dense(4)(y)",
    )
    for cell in cells:
        assert await book.problems(cell) == [], book.editor.texts[cell]
    assert await book.shapes(cells[3]) == {"y": ": (N, 192)"}
    assert await book.shapes(cells[4]) == {"%time z": ": (N, 3)"}
    assert await book.shapes(cells[6]) == {"    w": ": (N, 5)"}


async def test_actions_are_edits_of_cells(book: Book) -> None:
    _, _, _, wrong = book.open(HEAD, IMAGES, CONV, WRONG)
    (found,) = await book.problems(wrong)
    actions = await book.editor.actions(wrong, found)
    assert actions
    applied = 0
    for action in actions:
        for change in action.edit.document_changes:
            uri = change.text_document.uri
            assert uri in book.cells
            assert change.text_document.version == book.versions[uri]
            for edit in change.edits:
                book.editor.shown(uri, edit.range)  # the range is one inside of the cell
            if [uri, len(change.edits), len(action.edit.document_changes)] == [wrong, 1, 1]:
                before = book.editor.shown(uri, change.edits[0].range)
                if before:
                    book.replace(uri, before, change.edits[0].new_text)
                    assert await book.problems(wrong) == [], action.title
                    applied += 1
                    break
        if applied:
            break
    assert applied


async def test_a_notebook_is_found_where_it_stands(book: Book, tmp_path: Path) -> None:
    """Its imports are those of its folder, its settings those of the nearest configuration file."""
    (tmp_path / "sizes.py").write_text("KERNEL = 33\n")
    (tmp_path / "shapelens.toml").write_text(f"[rules]\n{CODE} = 'hint'\n")
    *_, wrong = book.open(HEAD, IMAGES, CONV, "from sizes import KERNEL", WRONG.replace("33", "KERNEL"))
    (found,) = await book.problems(wrong)
    assert found.severity == types.DiagnosticSeverity.Hint


async def test_closing_leaves_nothing_behind(book: Book) -> None:
    *_, conv, wrong = book.open(HEAD, IMAGES, CONV, WRONG)
    assert len(await book.problems(wrong)) == 1
    book.close()
    assert await book.problems(wrong) == []
    assert await book.editor.hover(conv, 0) is None
    *_, again = book.open(HEAD, IMAGES, CONV, WRONG)
    assert len(await book.problems(again)) == 1


async def test_the_origin_of_a_length_is_in_its_cell(book: Book) -> None:
    _, images, conv, _ = book.open(HEAD, IMAGES, CONV, WRONG)
    (hint,) = await book.editor.hints(conv)
    whole = await book.editor.resolve(hint)
    assert "28 from Input, cell 2 line 1 → 26 Conv2D, line 1" in str(whole.tooltip)
    places = {part.value: part.location.uri for part in whole.label if part.location}
    assert places == {"1": images, "26": conv, "28": conv, "8": conv}
