"""Dates that are almost dates, pictures as other programs write them, presentations as other wallets hand them in."""

import json
from html import escape
from random import Random
from typing import Any

from verifier.core.baking import NAMESPACE

_YEARS = ("2026", "2026", "2025", "2030", "0001", "0000", "9999", "10000", "-2026", "26", "٢٠٢٦")
_DAYS = ("06-30", "07-01", "02-29", "02-30", "13-01", "00-10", "6-30", "12-31", "01-01")
_TIMES = ("12:00:00", "00:00:00", "23:59:59", "24:00:00", "12:00:60", "12:60:00", "12:00", "24:00:01")
_FRACTIONS = ("", "", "", ".0", ".000000001", ".999999999", ".0000000001", ".", ",5")
_OFFSETS = ("Z", "Z", "Z", "+00:00", "-00:00", "+05:00", "+14:00", "-14:00", "+14:01", "z", "", "+0500", "+5:00", " Z")
_NO_TEXTS: tuple[Any, ...] = (None, 0, 1_782_820_800, True, [], {}, "", "soon", "2026-06-30", "2026-06-30 12:00:00Z")
_SVG = "http://www.w3.org/2000/svg"


def date_text(random: Random) -> Any:
    """A date, or something that is almost one."""
    if random.random() < 0.15:
        return random.choice(_NO_TEXTS)
    text = f"{random.choice(_YEARS)}-{random.choice(_DAYS)}T{random.choice(_TIMES)}"
    return text + random.choice(_FRACTIONS) + random.choice(_OFFSETS)


def svg(random: Random, credential: str) -> str:
    """An SVG around a credential: well formed, or wrong in one way or another."""
    prefix = random.choice(("", "o:", "openbadges:", "svg:"))
    bound = f'xmlns:{prefix[:-1]}="{NAMESPACE}"' if prefix else f'xmlns="{NAMESPACE}"'
    if random.random() < 0.1:
        bound = random.choice((bound.replace("/v3p0", "/v3p1"), "", bound + " " + bound, bound.replace('"', "'")))
    at = random.choice(("", "", ' verify="https://verify.example"', " a='<'", ' a="&lt;"', " a", ' xmlns:p="p"'))
    element = f"<{prefix}credential {bound}{at}>{_text(random, credential)}</{prefix}credential>"
    if random.random() < 0.1:
        element += random.choice((element, f"<{prefix}credential/>", f"<{prefix}credential {bound}/>"))
    for _ in range(random.choice((0, 0, 0, 1, 2, 29, 30, 31, 32))):
        element = f"<g>{element}</g>"
    name = random.choice(("svg", "svg", "svg", "s:svg", "SVG", "g"))
    space = f'xmlns:s="{_SVG}"' if name == "s:svg" else f'xmlns="{_SVG}"'
    before = random.choice(_BEFORE)
    after = random.choice(("", "", "", "\n", "<!-- more -->", "<?x?>", "x", "<svg/>", "&amp;", "<![CDATA[]]>"))
    ended = random.choice((f"</{name}>",) * 9 + ("</svg >", "", "</g>"))
    inner = random.choice(("", "", "<!-- - -->", "<title>&nbsp;</title>", "<a b='c' d = \"e\"/>", "<!ENTITY>", "&"))
    return f"{before}<{name} {space}>{inner}{element}{ended}{after}"


_BEFORE = (
    "", "", "", "\ufeff", "\n", '<?xml version="1.0"?>\n', '<?xml version="1.0" encoding="utf-8"?>',
    '<?xml version="1.0" encoding="UTF-16"?>', "<!-- <svg> -->", "<!DOCTYPE svg>", "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
    "<?a?><!---->\n",
)  # fmt: skip


def _text(random: Random, credential: str) -> str:
    """What stands in the element: escaped, in CDATA sections, by numbers, or as it must not."""
    change = random.randrange(6)
    if change == 0:
        return escape(credential, quote=random.random() < 0.5)
    if change == 1:
        at = random.randint(0, len(credential))
        return f"<![CDATA[{credential[:at]}]]>{escape(credential[at:])}"
    if change == 2:
        every = random.choice((3, 50, 400))
        marks = ("&#{};", "&#x{:x};", "&#x{:X};", "&#00{};", "&#{}", "&#x00{:x};")
        return "".join(
            random.choice(marks).format(ord(each)) if n % every == 0 else escape(each)
            for n, each in enumerate(credential)
        )
    if change == 3:
        return f"\n <!-- x --><![CDATA[{credential}]]><?y?>\t"
    if change == 4:
        return random.choice((credential, f"<b>{escape(credential)}</b>", f"&nbsp;{escape(credential)}", "", " "))
    return f"<![CDATA[{credential}]]>"


def presentation(random: Random, one: Any, another: Any) -> Any:
    """A presentation of a credential, of several, of what is none; or another presentation in it."""
    kinds = (
        "VerifiablePresentation", ["VerifiablePresentation"], ["X", "VerifiablePresentation"], "Presentation", [[]],
        ["VerifiableCredential", "VerifiablePresentation"], None,
    )  # fmt: skip
    held = random.choice(
        ([one], [one], one, [], [one, another], [one] * 2, [another] * 20, [another] * 20 + [one], [one, "x"], [[one]],
         json.dumps(one), [None], {"@graph": [one]})
    )  # fmt: skip
    value: dict[str, Any] = {"type": random.choice(kinds), "verifiableCredential": held}
    if random.random() < 0.2:
        value["proof"] = {"type": "DataIntegrityProof"}
    if random.random() < 0.1:
        value = {"type": "VerifiablePresentation", "verifiableCredential": [value]}
    if random.random() < 0.1:
        value |= {key: one.get(key) for key in ("credentialSubject", "proof") if isinstance(one, dict)}
    return value
