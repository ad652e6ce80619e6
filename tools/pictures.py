"""The pictures of the documentation, made anew from what the code draws: `make pictures`.

Issues the sample class on the embedded chain, draws the designs, and looks at the pages with Debian's Chromium.
"""

import io
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path

from PIL import Image

from deploy.chain_server import ChainServer
from deploy.demo import Chain, Wishes, make_keys, run
from issuer.batches.progress import SILENT
from issuer.course.course import load_course
from issuer.course.sheet_wording import sheet_fields, sheet_wording
from issuer.pictures.course_pictures import course_pictures
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES, SheetFields, SheetWording
from tools.page_pictures import draw_pages
from tools.sample_signature import sample_signature
from verifier.core.codes import link
from verifier.core.dates import parse_timestamp
from verifier.core.reading import read_file
from verifier.settings import load_settings
from verifier.web import create_app
from verifier.web.server import listen, serve_on

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ORIGINALS = ROOT / "build" / "pictures"
CHROMIUM = (
    *(
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--hide-scrollbars",
    ),
    *(
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--force-device-scale-factor=2",
    ),
)
NAMES = {
    "short": "Ali Raza",
    "long": "Syeda Umm-e-Kulthum Fatima Zahra Naqvi Bukhari bint Syed Muhammad Hassan Askari Rizvi",
    "urdu": "سیدہ زہرا بخاری",
    "mixed": "Zoë Čapková (زوئی)",
}
PAPER = "#e9e6df"


def main() -> int:
    """Write every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, _served(Path(name)) as (folder, origin):
        _first_screen(folder, origin)
        _designs(folder)
        _course_pictures(folder)
    draw_pages(IMAGES, ORIGINALS)
    print(f"Every page in full: {ORIGINALS.relative_to(ROOT)}/")
    for path in sorted(IMAGES.iterdir()):
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")
    return 0


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Path, str]]:
    """The sample class, issued and served; the folder and the verifier's origin."""
    (folder / "keys").mkdir()
    keys = make_keys(folder)
    funded = [account.address for account in (keys.programme, keys.admin, keys.professor)]
    with ChainServer(funded, port=0) as chain, listen("127.0.0.1", 0) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        issued = run(
            Wishes(folder, None, _course(folder), origin), keys, Chain(chain.url, chain.chain.chain_id), SILENT
        )
        server = serve_on(create_app(load_settings(issued.settings).verifier(), origin), listener)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield folder, origin
        server.shutdown()
        thread.join()


def _course(folder: Path) -> Path:
    """The sample course with a signature, which the sample leaves to its reader."""
    sample_signature().save(folder / "signature.png")
    text = (resources.files("issuer") / "samples" / "course.toml").read_text(encoding="utf-8")
    path = folder / "course.toml"
    path.write_text(text.replace('# signature = "signature.png"', 'signature = "signature.png"'), encoding="utf-8")
    return path


def _first_screen(folder: Path, origin: str) -> None:
    """A certificate beside what a phone shows when its code is scanned."""
    pdf = sorted((folder / "certificates").glob("*.pdf"))[0]
    wording, fields = _sample(folder)
    (folder / "first.pdf").write_bytes(SheetTemplate(wording).draw(fields))
    sheet = _rendered(folder / "first.pdf", 960)
    phone = _screenshot(_link(pdf, origin), 390, 844, folder).resize((312, 675), Image.Resampling.LANCZOS)
    canvas = Image.new(
        "RGB", (40 + sheet.width + 40 + phone.width + 40, 40 + max(sheet.height, phone.height) + 40), PAPER
    )
    for picture, x in ((sheet, 40), (phone, 40 + sheet.width + 40)):
        y = (canvas.height - picture.height) // 2
        canvas.paste("#c9c4b8", (x - 1, y - 1, x + picture.width + 1, y + picture.height + 1))
        canvas.paste(picture, (x, y))
    _save(canvas, "first-screen")


def _designs(folder: Path) -> None:
    """Each design with a short, a long, an Urdu and a mixed name."""
    wording, fields = _sample(folder)
    for design in DESIGN_NAMES:
        template = SheetTemplate(replace(wording, design=design))
        drawn = []
        for name, recipient in NAMES.items():
            path = folder / f"{design}-{name}.pdf"
            path.write_bytes(template.draw(replace(fields, recipient=recipient)))
            drawn.append(_rendered(path, 620))
        _save(_grid(drawn, 2), f"design-{design}")


def _course_pictures(folder: Path) -> None:
    """Card and badge, side by side."""
    pictures = course_pictures(load_course(folder / "course.toml"))
    card, badge = (Image.open(io.BytesIO(each)).convert("RGBA") for each in (pictures.card, pictures.badge))
    card, badge = card.resize((800, 420), Image.Resampling.LANCZOS), badge.resize((388, 388), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (32 + card.width + 32 + badge.width + 32, 32 + card.height + 32), PAPER)
    canvas.alpha_composite(card, (32, 32))
    canvas.alpha_composite(badge, (64 + card.width, 32 + (card.height - badge.height) // 2))
    _save(canvas.convert("RGB"), "course")


def _sample(folder: Path) -> tuple[SheetWording, SheetFields]:
    course = load_course(folder / "course.toml")
    envelope = read_file(sorted((folder / "certificates").glob("*.pdf"))[0].read_bytes()).envelope
    assert envelope is not None
    drafted = parse_timestamp(envelope.credential["proof"]["created"])
    return sheet_wording(course), sheet_fields(course, envelope.credential, envelope.hash, drafted)


def _link(pdf: Path, origin: str) -> str:
    envelope = read_file(pdf.read_bytes()).envelope
    assert envelope is not None
    return link(origin, envelope.hash)


def _rendered(pdf: Path, width: int) -> Image.Image:
    target = pdf.with_suffix("")
    command = [
        "pdftoppm",
        "-png",
        "-singlefile",
        "-scale-to-x",
        str(2 * width),
        "-scale-to-y",
        "-1",
        str(pdf),
        str(target),
    ]
    subprocess.run(command, check=True)
    picture = Image.open(target.with_suffix(".png")).convert("RGB")
    return picture.resize((width, picture.height // 2), Image.Resampling.LANCZOS)


def _screenshot(address: str, width: int, height: int, folder: Path) -> Image.Image:
    target = folder / "screenshot.png"
    words = [*CHROMIUM, f"--user-data-dir={folder / 'chromium'}", f"--window-size={width},{height}"]
    subprocess.run([*words, f"--screenshot={target}", address], check=True, capture_output=True, timeout=60)
    return Image.open(target).convert("RGB")


def _grid(pictures: list[Image.Image], columns: int) -> Image.Image:
    width, height, gap = pictures[0].width, pictures[0].height, 16
    rows = -(-len(pictures) // columns)
    canvas = Image.new("RGB", (columns * (width + gap) + gap, rows * (height + gap) + gap), PAPER)
    for number, picture in enumerate(pictures):
        canvas.paste(picture, (gap + number % columns * (width + gap), gap + number // columns * (height + gap)))
    return canvas


def _save(picture: Image.Image, name: str) -> None:
    picture.quantize(128, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
