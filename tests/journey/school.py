"""What tests of an institution's and a programme's commands type, and what verdicts make of it."""

import json
from typing import Any

from tests.journey.office import Office


def act(school: Office, *words: str, code: int = 0) -> list[dict[str, Any]]:
    result = school.run(*words, "--config", str(school.config), "--json")
    assert result.exit_code == code, result.output
    told = json.loads(result.stdout)
    assert isinstance(told, list)
    return told


def refused(school: Office, *words: str) -> str:
    result = school.run(*words, "--config", str(school.config))
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


def verdict(school: Office, index: int = 0) -> str:
    school.deployed.chain.finalize()
    return str(school.verdicts(school.pdfs[index])[0]["verdict"])


def root(school: Office) -> str:
    return str(json.loads(school.envelopes[0].read_bytes())["root"])
