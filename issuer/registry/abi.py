"""The registry's interface, as far as issuing uses it."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from issuer.sending.revert_reasons import ABI_FILE


@cache
def registry_abi() -> list[dict[str, Any]]:
    """The part of the registry's interface that issuing uses."""
    entries: list[dict[str, Any]] = json.loads(files("issuer").joinpath(ABI_FILE).read_text(encoding="utf-8"))
    return entries


def fields_of(abi: Any, value: Any) -> dict[str, Any]:
    """A struct's value by the names of its fields."""
    return dict(zip((one["name"] for one in abi["components"]), value, strict=True))
