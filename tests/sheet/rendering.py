"""Pictures of a sheet by two renderers."""

import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

DPI = 150


def by_pdfium(pdf: bytes, dpi: int = DPI) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil().convert("RGB")


def by_poppler(pdf: bytes, dpi: int = DPI) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sheet.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "sheet.pdf", "sheet"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        assert run.stderr == ""
        return Image.open(Path(folder) / "sheet.png").convert("RGB")


RENDERERS = {"pdfium": by_pdfium, "poppler": by_poppler}
