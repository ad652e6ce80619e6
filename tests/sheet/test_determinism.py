"""The same input gives the same bytes: in another process, another order, beside other batches."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from tests.sheet.samples import ALL, PLAIN, RICH

SCRIPT = """
import hashlib, json, sys
from dataclasses import replace
from issuer.sheet.template import SheetTemplate
from tests.sheet.samples import ALL, PLAIN, RICH
SheetTemplate(PLAIN).draw(ALL["mixed"])
template = SheetTemplate(replace(RICH, design=sys.argv.pop(1)))
print(json.dumps({name: hashlib.sha256(template.draw(ALL[name])).hexdigest() for name in sys.argv[1:]}))
"""


@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_other_processes_and_orders_draw_the_same_bytes(design: str) -> None:
    template = SheetTemplate(replace(RICH, design=design))
    here = {name: hashlib.sha256(template.draw(fields)).hexdigest() for name, fields in ALL.items()}
    for order, seed, zone in ((reversed(ALL), "1", "Asia/Karachi"), (sorted(ALL), "2", "America/Lima")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, design, *order], env=environment, capture_output=True, text=True, check=True
        )
        assert json.loads(run.stdout) == here


def test_what_a_batch_shares_stands_at_the_front_of_every_sheet() -> None:
    template = SheetTemplate(RICH)
    first, second = template.draw(ALL["latin"]), template.draw(ALL["urdu"])
    shared = next(at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other)
    assert shared > len(first) / 2
    assert template.draw(ALL["latin"]) == first


def test_nothing_of_ours_is_deflated_since_zlib_builds_differ() -> None:
    assert b"FlateDecode" not in SheetTemplate(PLAIN).draw(ALL["urdu"])
