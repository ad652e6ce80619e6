"""What visitors do, in a real browser, against `sanad demo` as a process of its own."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from tests.sheet.rendering import RENDERERS

SANAD = [sys.executable, "-c", "from deploy.cli import main; main()"]


@dataclass
class Visit:
    """A page, and everything that its browser complained of or asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """The class as `sanad demo` issued it, while it is served."""
    folder = tmp_path_factory.mktemp("walk")
    command = [*SANAD, "demo", "--json", "--port", "0", "--chain-port", "0"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            break
    yield folder / "sanad-demo", json.loads("".join(lines))["certificates"]
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visit]:
    """A phone's window, with JavaScript and without."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=request.param, locale="en-GB"
    )
    context.set_default_timeout(30_000)
    made = Visit(context.new_page())
    made.page.on("console", lambda message: made.complaints.append(message.text))
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.on("request", lambda request: made.asked.append(request.url))
    yield made
    assert not made.complaints
    assert len({url.split("/")[2] for url in made.asked}) == 1, "nothing comes from elsewhere"
    context.close()


def pdf_of(demo: tuple[Path, list[dict[str, Any]]], number: int) -> Path:
    return demo[0].parent / demo[1][number]["file"]


def origin_of(demo: tuple[Path, list[dict[str, Any]]]) -> str:
    return str(demo[1][0]["link"].split("/c/")[0])


def verdict(page: Page) -> str:
    return page.locator(".verdict .word").inner_text()


def tampered(pdf: Path, folder: Path) -> Path:
    data = pdf.read_bytes()
    at = data.index(b"/Catalog")
    (folder / "tampered.pdf").write_bytes(data[:at] + b"/catalog" + data[at + 8 :])
    return folder / "tampered.pdf"


@pytest.mark.parametrize("renderer", RENDERERS)
def test_the_code_on_the_rendered_sheet_opens_the_verdict(visit: Visit, demo: Any, renderer: str) -> None:
    for number in (0, 2):
        (code,) = zxingcpp.read_barcodes(RENDERERS[renderer](pdf_of(demo, number).read_bytes()))
        assert code.text == demo[1][number]["link"]
        visit.page.goto(code.text)
        assert verdict(visit.page) == "Valid"
        assert visit.page.locator(".recipient").inner_text() == demo[1][number]["name"]
        assert "Test network" in visit.page.locator(".notice").inner_text()
        expect(visit.page.locator(".chain li")).to_have_count(4)
        assert not visit.page.locator(".steps").is_visible()
        visit.page.get_by_text("How this was checked, step by step").click()
        expect(visit.page.locator(".steps li")).to_have_count(11)
        assert visit.page.locator(".steps").is_visible()


def test_a_chosen_file_gets_its_verdict(visit: Visit, demo: Any, tmp_path: Path) -> None:
    page, good = visit.page, pdf_of(demo, 0)
    for path, word in ((good, "Valid"), (tampered(good, tmp_path), "Changed copy")):
        page.goto(origin_of(demo))
        page.get_by_label("PDF, certificate.json or badge").set_input_files(path)
        page.locator("form.drop button").click()
        assert verdict(page) == word
        assert path.name in page.locator(".when").inner_text()
    assert "The certificate registered under this code says" in page.locator(".registered h2").inner_text()
    assert page.locator(".registered .recipient").inner_text() == demo[1][0]["name"]
    page.get_by_role("link", name="Open the original").click()
    assert page.url == demo[1][0]["link"]


def test_a_typed_code_and_a_mistyped_one(visit: Visit, demo: Any) -> None:
    page, code = visit.page, demo[1][1]["short_code"]
    page.goto(origin_of(demo))
    page.get_by_label("Link or code").fill(code.replace("-", " ").lower())
    page.get_by_label("Link or code").press("Enter")
    assert page.url == demo[1][1]["link"]
    assert verdict(page) == "Valid"
    page.goto(origin_of(demo))
    page.get_by_label("Link or code").fill(("0" if code[0] != "0" else "1") + code[1:])
    page.get_by_label("Link or code").press("Enter")
    assert verdict(page) == "Mistyped"
    visit.complaints.clear()  # browsers note every status of 400 and above


def test_another_language_stays_on_the_same_page(visit: Visit, demo: Any) -> None:
    page, link = visit.page, demo[1][2]["link"]
    page.goto(link)
    page.get_by_role("link", name="اردو").click()
    assert page.url == link + "?lang=ur"
    assert verdict(page) == "معتبر"
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".recipient").inner_text() == demo[1][2]["name"]
    page.get_by_role("link", name="کوئی اور سند جانچیے").click()
    assert page.get_by_role("heading", level=1).inner_text() == "کیا یہ سند اصلی ہے؟"
    page.get_by_label("لنک یا کوڈ").fill(demo[1][2]["short_code"])
    page.get_by_label("لنک یا کوڈ").press("Enter")
    assert page.url == link + "?lang=ur"
    page.get_by_role("link", name="English").click()
    assert verdict(page) == "Valid"


def test_after_a_file_another_language_leads_to_the_certificates_page(visit: Visit, demo: Any) -> None:
    page = visit.page
    page.goto(origin_of(demo) + "/?lang=ur")
    page.locator("#file").set_input_files(pdf_of(demo, 0))
    page.locator("form.drop button").click()
    assert verdict(page) == "معتبر"
    page.get_by_role("link", name="English").click()
    assert re.fullmatch(re.escape(demo[1][0]["link"]) + r"\?lang=en", page.url)
    assert verdict(page) == "Valid"


@pytest.mark.parametrize("visit", [True], indirect=True, ids=["script"])
def test_a_dropped_file_is_checked_at_once_and_a_large_one_is_not_sent(visit: Visit, demo: Any, tmp_path: Path) -> None:
    page, good = visit.page, pdf_of(demo, 0)
    large = tmp_path / "film.pdf"
    large.write_bytes(bytes(10_000_001))
    page.goto(origin_of(demo))
    drop(page, large)
    expect(page.get_by_role("alert")).to_have_text("This file is larger than 10 MB; a certificate never is.")
    for path, word in ((good, "Valid"), (tampered(good, tmp_path), "Changed copy")):
        page.goto(origin_of(demo))
        with page.expect_navigation():
            drop(page, path)
        assert verdict(page) == word


def drop(page: Page, path: Path) -> None:
    """Drag a file from outside onto the page, as the window system tells it."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 100, "y": 300, "data": data})
