"""The formats of ``shapelens check`` that other programs read, held against what those programs say they read."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

import pytest

from shapelens import cli
from shapelens.commands.formats import FORMATS
from shapelens.commands.output import Writer
from shapelens.commands.reports import CRASHED, Report, fingerprints

SOURCE = """\
import torch


def f():
    return "é漢😀", torch.zeros(2, 3) @ torch.zeros(4, 5)


f()
x = torch.zeros(2, 3) @ torch.zeros(
    4, 5)
"""


@pytest.fixture
def project(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    Path("a folder, and: more%").mkdir()
    Path("a folder, and: more%/é.py").write_text(SOURCE, encoding="utf-8")
    Path("clean.py").write_text("import torch\n")
    Path("odd.py").write_text("\0")
    return tmp_path


def told(capsys, kind: str, code: int = 1) -> str:
    assert cli.main(["check", ".", "--output-format", kind]) == code
    return capsys.readouterr().out


def test_the_choices_of_the_command_line_are_the_formats():
    assert set(FORMATS) == set(cli.OUTPUT_FORMATS)


def test_github_reads_back_what_was_meant(project, capsys):
    """What ``actions/runner`` makes of the lines (src/Runner.Common/ActionCommand.cs, TryParseV2)."""
    commands = []
    for line in told(capsys, "github").splitlines():
        kind, properties, data = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
        assert kind == "error"
        facts = dict(part.split("=", 1) for part in properties.split(","))
        for mark, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            facts = {key: value.replace(mark, char) for key, value in facts.items()}
            data = data.replace(mark, char) if mark not in ("%2C", "%3A") else data
        commands.append((facts, data))
    (first, words), (second, _) = commands
    assert first["file"] == "a folder, and: more%/é.py"
    assert (first["line"], first["endLine"], first["col"]) == ("5", "5", "19")
    assert first["title"] == "shapelens (inner-mismatch)"
    assert "\n\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)" in words
    assert (second["line"], second["endLine"]) == ("9", "10")
    assert "endColumn" not in second  # GitHub takes columns on one line only


def test_gitlab_gets_all_that_it_requires(project, capsys):
    """The required fields of "Code Quality report format" in GitLab's manual."""
    issues = json.loads(told(capsys, "gitlab"))
    assert len(issues) == 2
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "location", "severity"} == set(issue)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        path = issue["location"]["path"]
        assert not path.startswith(("./", "/"))
        assert Path(path).exists()
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == 2


def test_fingerprints_stay_when_lines_move(project, capsys):
    before = [issue["fingerprint"] for issue in json.loads(told(capsys, "gitlab"))]
    place = Path("a folder, and: more%/é.py")
    place.write_text('"""Above."""\n\n' + SOURCE.replace("def f", "# more\ndef f"), encoding="utf-8")
    assert [issue["fingerprint"] for issue in json.loads(told(capsys, "gitlab"))] == before


def test_two_that_are_alike_have_two_fingerprints():
    record = {"code": "c", "symbol": "", "source": "x"}
    one, other = fingerprints(Report("/a.py", (record, record)), Path("/"))
    assert one != other


def test_sarif_is_what_the_standard_says(project, capsys):
    """The rules of SARIF 2.1.0 for what we write, by section."""
    log = json.loads(told(capsys, "sarif"))
    assert set(log) == {"$schema", "version", "runs"}  # 3.13
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert set(run) == {"tool", "invocations", "originalUriBaseIds", "columnKind", "results"}  # 3.14
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")  # 3.14.17
    driver = run["tool"]["driver"]
    assert driver["name"] == "shapelens"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:  # 3.49
        assert set(rule) <= {"id", "shortDescription", "help", "helpUri"}
        assert rule["shortDescription"]["text"].endswith(".")  # 3.49.9
        assert {"text", "markdown"} == set(rule["help"])  # 3.11.4: a markdown text does not stand alone
    base = run["originalUriBaseIds"]["ROOT"]["uri"]
    assert base.startswith("file:///")
    assert base.endswith("/")  # 3.14.14
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False  # 3.20.14: a file could not be read
    assert "null bytes" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    lines = SOURCE.split("\n")
    assert len(run["results"]) == 2
    for result in run["results"]:  # 3.27
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
        places = [*result["locations"], *result.get("relatedLocations", [])]
        assert len({place["id"] for place in places[1:]}) == len(places) - 1  # 3.28.2
        for place in places:
            physical = place["physicalLocation"]
            artifact, region = physical["artifactLocation"], physical["region"]
            assert artifact["uriBaseId"] == "ROOT"
            assert not re.search(r"[^\w%./~-]", artifact["uri"], re.ASCII)  # 3.4.3: a URI, not a path
            assert unquote(artifact["uri"]) == "a folder, and: more%/é.py"
            assert region["startColumn"] >= 1  # 3.30.6
            assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    text = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
    assert text == "torch.zeros(2, 3) @ torch.zeros(4, 5)"  # 3.30.8: the end is beyond the last character


def test_repairs_are_in_sarif_too(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    text = "import numpy as np\nx, w = np.ones((32, 8)), np.ones((4, 8))\ny = x @ w\n"
    Path("a.py").write_text(text)
    (result,) = json.loads(told(capsys, "sarif"))["runs"][0]["results"]
    fix = result["fixes"][0]
    (change,) = fix["artifactChanges"]
    lines = text.split("\n")
    for replacement in reversed(change["replacements"]):
        region = replacement["deletedRegion"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        new = replacement["insertedContent"]["text"]
        lines[region["startLine"] - 1] = line[: region["startColumn"] - 1] + new + line[region["endColumn"] - 1 :]
    assert "w.T" in lines[2]
    assert fix["description"]["text"]


def test_junit_counts_what_it_holds(project, capsys):
    root = ElementTree.fromstring(told(capsys, "junit"))
    assert root.tag == "testsuites"
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {"a folder, and: more%/é.py", "clean.py", "odd.py"}
    for node in (root, *root):
        cases = list(node.iter("testcase"))
        assert int(node.get("tests")) == len(cases)
        assert int(node.get("failures")) == len(list(node.iter("failure")))
        assert int(node.get("errors")) == len(list(node.iter("error")))
        assert len({case.get("name") for case in node.iter("testcase")} if node is not root else cases) == len(cases)
    first = suites["a folder, and: more%/é.py"].find("testcase/failure")
    assert first.get("type") == "inner-mismatch"
    assert first.text.startswith("a folder, and: more%/é.py:5:19\n")
    assert len(suites["clean.py"].findall("testcase")) == 1


def test_junit_holds_whatever_is_said(capsys):
    junit = FORMATS["junit"](Writer())
    junit.add(Report("/a<b>&\"'.py", failure=CRASHED, words='one\n<&"\x00\x1b\ud800]]>\n'))
    junit.end()
    root = ElementTree.fromstring(capsys.readouterr().out)
    assert root.find(".//error").get("message") == '<&"\ufffd\ufffd\ufffd]]>'


def test_a_clean_project_is_said_to_be_clean(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    Path("clean.py").write_text("x = 1\n")
    assert told(capsys, "github", 0) == ""
    assert json.loads(told(capsys, "gitlab", 0)) == []
    assert json.loads(told(capsys, "sarif", 0))["runs"][0]["results"] == []
    assert ElementTree.fromstring(told(capsys, "junit", 0)).get("failures") == "0"


def test_levels_are_said_in_each_formats_words(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text("import torch\nx = torch.zeros(2, 3) @ torch.zeros(4, 5)\n")
    words = {
        "error": ("error", "major", "error"),
        "warn": ("warning", "minor", "warning"),
        "info": ("notice", "info", "note"),
        "hint": ("notice", "info", "note"),
    }
    for level, (github, gitlab, sarif) in words.items():
        Path("pyproject.toml").write_text(f'[tool.shapelens.rules]\ninner-mismatch = "{level}"\n')
        code = 1 if level in ("error", "warn") else 0  # hint and info are remarks: they fail no check
        assert told(capsys, "github", code).startswith(f"::{github} ")
        assert json.loads(told(capsys, "gitlab", code))[0]["severity"] == gitlab
        assert json.loads(told(capsys, "sarif", code))["runs"][0]["results"][0]["level"] == sarif
