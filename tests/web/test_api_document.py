"""docs/api.md is true: every example gives what stands below it, every address and problem is named."""

import json
import re
import shlex
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.scenes import Scenes
from tests.sources import ROOT
from tests.vectors.pictures import presentation
from tests.web.reading import multipart
from verifier.answers.wording import Problem
from verifier.web import create_app
from verifier.web.status import PROBLEM_STATUS

TEXT = (ROOT / "docs/api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```sh\n(curl .*?)\n```\n\n(\d+) `([\w/+.-]+)`\n\n```json\n(.*?)\n```", TEXT, re.DOTALL)
ORIGIN = "https://verify.example.org"
NOT_BY_API = {Problem.MISTYPED, Problem.NOT_FOUND, Problem.SEVERAL, Problem.NO_FILE}
"""Only pages and the command line look up short codes and name files."""


def run(client: FlaskClient, scenes: Scenes, command: str) -> TestResponse:
    """What curl would get."""
    files = {
        "valid.pdf": scenes.files["valid"],
        "altered.pdf": scenes.files["altered"],
        "photo.pdf": b"%PDF-1.4\n%%EOF\n",
        "film.mp4": bytes(10_000_001),
        "presentation.json": presentation([scenes.certificates[name].credential for name in ("valid", "revoked")]),
    }
    _curl, *options, address = shlex.split(command)
    path = address.removeprefix(ORIGIN)
    match options:
        case []:
            return client.get(path)
        case ["-X", method]:
            return client.open(path, method=method)
        case ["--data-binary", name]:
            return client.post(path, data=files[name[1:]])
        case ["-F", field]:
            name = field.removeprefix("file=@")
            return client.post(path, **multipart(files[name], name))
    raise AssertionError(command)


def agrees(told: Any, found: Any) -> bool:
    """Whether an answer is as it is told, where `…` stands for anything."""
    if told == "…":
        return True
    if isinstance(told, dict):
        whole = "…" in told or told.keys() == found.keys()
        return whole and all(key in found and agrees(told[key], found[key]) for key in told if key != "…")
    if isinstance(told, list) and told[-1:] == ["…"]:
        return len(found) >= len(told) - 1 and all(map(agrees, told[:-1], found))
    if isinstance(told, list):
        return len(told) == len(found) and all(map(agrees, told, found))
    return bool(told == found)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == TEXT.count("```sh") >= 10


@pytest.mark.parametrize(("command", "status", "type_", "body"), EXAMPLES)
def test_an_example_gives_what_stands_below_it(
    client: FlaskClient, scenes: Scenes, command: str, status: str, type_: str, body: str
) -> None:
    response = run(client, scenes, command)
    assert (response.status_code, response.mimetype) == (int(status), type_)
    assert agrees(json.loads(body), response.json), response.get_data(as_text=True)


def test_every_address_is_named(scenes: Scenes) -> None:
    rules = {re.sub(r"<(\w+?)_?>", r"{\1}", rule.rule) for rule in create_app(scenes.verifier, "").url_map.iter_rules()}
    named = {rule for rule in rules if f"{rule.replace('{code}', '{hash}')}`" in TEXT}
    assert rules - named == {"/static/<path:filename>"}, "add these addresses to the table at the end of docs/api.md"


def test_every_problem_is_named_with_its_status() -> None:
    told = {name: int(status) for status, name in re.findall(r"^\| (\d{3}) \| `([\w-]+)`", TEXT, re.MULTILINE)}
    assert told == {str(each): PROBLEM_STATUS[each] for each in Problem if each not in NOT_BY_API}


@pytest.mark.parametrize("problem", [each for each in Problem if PROBLEM_STATUS[each] >= 400])
def test_a_problems_type_leads_to_a_page_about_it(client: FlaskClient, problem: Problem) -> None:
    response = client.get(f"/problems/{problem}")
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert "Retry-After" not in response.headers
    assert client.get("/problems/none").status_code == 404
