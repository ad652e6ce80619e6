"""Debian's Chromium, driven by Playwright, and how each view of the gallery is opened in it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.gallery import LIMIT, View

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--disable-quic"),
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's own browser; none is fetched."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found is not None, "There is no Chromium here; tools/system-packages installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


def open_view(page: Page, origins: Mapping[str, str], view: View, language: str) -> None:
    """Bring a page to a view as a visitor gets there, without waiting for anything but the page."""
    origin = origins[view.site]
    if view.file is not None:
        name, data = view.file
        page.goto(f"{origin}/?lang={language}")
        page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
        with page.expect_navigation():
            page.evaluate("document.querySelector('form.drop').submit()")  # past the script that spares large files
        return
    address = f"{origin}{view.address}{'&' if '?' in view.address else '?'}lang={language}"
    if view.method != "GET":
        page.route(address, lambda route: route.continue_(method=view.method), times=1)
    for _ in range(LIMIT if view.site == "limited" else 0):
        page.request.get(address)
    response = page.goto(address)
    assert response is not None
    assert response.status == view.status, view.name
