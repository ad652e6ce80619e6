"""Vectors of SPEC.md section 9, "as pasted": what people copy, and what is found in it."""

from collections.abc import Iterator
from urllib.parse import quote

from tests.vectors.texts import HASH
from verifier.core.codes import link, short_code
from verifier.core.hashes import sha256, to_base64url

Text = tuple[str, str, str]
"""Name, what it is, the text."""

TEXT, CODE = to_base64url(HASH), short_code(HASH)
V = "https://verify.example/c/"
LINK = link("https://verify.example", HASH)
OTHER = sha256(b"another certificate")
URDU = str.maketrans("0123456789", "".join(chr(0x6F0 + digit) for digit in range(10)))
ARABIC = str.maketrans("0123456789", "".join(chr(0x660 + digit) for digit in range(10)))
FULLWIDTH = {
    ord(each): ord(each) + 0xFEE0 for each in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_/:."
}
LIGATURE_LINK = link("https://verify.example", bytes.fromhex("7df7" * 16))
DASHES = {
    "hyphen": 0x2010, "no-break-hyphen": 0x2011, "figure-dash": 0x2012, "en-dash": 0x2013, "em-dash": 0x2014,
    "bar": 0x2015, "minus": 0x2212, "small-hyphen": 0xFE63, "fullwidth-hyphen": 0xFF0D, "soft-hyphen": 0xAD,
    "hyphen-bullet": 0x2043, "modifier-minus": 0x2D7, "heavy-minus": 0x2796, "superscript-minus": 0x207B,
    "armenian-hyphen": 0x58A, "maqaf": 0x5BE, "small-em-dash": 0xFE58, "wave-dash": 0x301C,
}  # fmt: skip
INVISIBLE = {
    "zero-width-space": 0x200B, "zwnj": 0x200C, "zwj": 0x200D, "lrm": 0x200E, "rlm": 0x200F, "alm": 0x61C,
    "embedding": 0x202B, "isolate": 0x2067, "pop-isolate": 0x2069, "word-joiner": 0x2060, "bom": 0xFEFF,
    "variation-selector": 0xFE0F, "tag": 0xE0020, "soft-hyphen": 0xAD,
}  # fmt: skip
SPACES = {
    "no-break-space": "\u00a0", "narrow-space": "\u202f", "em-space": "\u2003", "ideographic-space": "\u3000",
    "ogham-space": "\u1680", "tab": "\t", "line-feed": "\n", "crlf": "\r\n", "nel": "\x85", "line-separator": "\u2028",
    "vertical-tab": "\x0b", "form-feed": "\x0c", "file-separator": "\x1c", "nul": "\0", "delete": "\x7f",
}  # fmt: skip


def cases() -> Iterator[Text]:
    """What is read, whatever is found."""
    for name, dash in DASHES.items():
        yield f"code-{name}", f"a code with U+{dash:04X} for its hyphens", CODE.replace("-", chr(dash))
        yield f"code-{name}-words", "the same among words", f"My code is {CODE.replace('-', chr(dash))}, thank you."
    for name, code in INVISIBLE.items():
        mark, where = chr(code), f"U+{code:04X} before and inside it"
        yield f"code-{name}-inside", where, mark + CODE[:2] + mark + CODE[2:]
        yield f"link-{name}-inside", where, mark + LINK[:40] + mark + LINK[40:] + mark
    for name, space in SPACES.items():
        yield f"code-{name}", f"a code with {name} for its hyphens", space + CODE.replace("-", space) + space
        yield f"hex-{name}", f"{name} around a hash", space + HASH.hex() + space
        yield f"link-{name}-behind", f"{name} and words behind a link", f"{LINK}{space}opens it"
    yield from _codes()
    yield from _links()
    yield from _wrapped()
    yield from _hashes()
    yield from _several()
    yield from _nothing()
    yield from _every()


def _every() -> Iterator[Text]:
    """Each code point of SPEC.md's lists once, in a code or link of its own."""
    dashes = [0x2D7, 0x58A, 0x5BE, 0x1400, 0x1806, *range(0x2010, 0x2016), 0x2043, 0x2212, 0x2796, 0x2E17, 0x2E1A]
    dashes += [0x2E3A, 0x2E3B, 0x2E40, 0x2E5D, 0x301C, 0x3030, 0x30A0, 0x10EAD]
    text = "\n".join(f"a {short_code(sha256(chr(dash).encode())).replace('-', chr(dash))}" for dash in dashes)
    yield "every-dash", "every dash, each in its own code", text
    marks = [0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    marks += [*range(0xFE00, 0xFE10), 0xFEFF, 0xE0000, 0xE0001, 0xE007F, 0xE0100, 0xE01EF, 0xE0FFF, 0xAD]
    links = [(link("v.example", sha256(chr(mark).encode())), chr(mark)) for mark in marks]
    yield (
        "every-mark",
        "every mark, each in its own link",
        "\n".join(each[:20] + mark + each[20:] for each, mark in links),
    )
    controls = [*range(0x20), *range(0x7F, 0xA0), 0x1680, 0x2028, 0x2029]
    text = "".join(to_base64url(sha256(chr(each).encode())) + chr(each) for each in controls)
    yield "every-control", "every control character, each behind its own hash", text
    codes = " a ".join(code for code in (short_code(sha256(bytes([each]))) for each in range(8)))
    yield "every-digit", "Arabic and Urdu digits", f"{codes.translate(ARABIC)} a {codes.translate(URDU)}"
    ends = [0xA, 0xD, 0x85, 0x2028, 0x2029]
    links = [(link("v.example", sha256(b"end" + chr(end).encode())), chr(end)) for end in ends]
    yield (
        "every-line-end",
        "every line end, each in its own link",
        " ".join(each[:20] + end + each[20:] for each, end in links),
    )
    near = [0x34E, 0x61B, 0x200A, 0x2029, 0x202F, 0x205F, 0x2070, 0xFDFF, 0xFE10, 0xDFFFF, 0xE1000]
    text = "\n".join(f"{LINK[:40]}{chr(each)}{LINK[40:]}" for each in near if each not in (0x2029,))
    yield "every-neighbour", "the neighbours of the marks are none", text


def refused() -> Iterator[Text]:
    """Codes whose check character is wrong, and what is too long."""
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    yield "mistyped", "a code whose check character is wrong", wrong
    yield "mistyped-words", "the same among words", f"Code: {wrong}."
    yield "mistyped-en-dash", "the same with en dashes", wrong.replace("-", "\u2013")
    yield "mistyped-urdu", "the same in Urdu digits", wrong.translate(URDU)
    yield "mistyped-two", "two of them: the first is told", f"Either {wrong} or {CODE[1] + CODE[0] + CODE[2:]}"
    yield "too-long", "10,001 characters with a link in them", LINK + " " * (10_001 - len(LINK))


def _codes() -> Iterator[Text]:
    yield "code-urdu", "Urdu digits", CODE.translate(URDU)
    yield "code-arabic", "Arabic digits", CODE.translate(ARABIC)
    yield "code-fullwidth", "fullwidth letters and digits", CODE.translate(FULLWIDTH)
    yield "code-mathematical", "bold digits", CODE.replace("4", "\U0001d7d2")
    yield "code-leading-hyphen", "a hyphen before it", f"-{CODE}"
    yield "code-trailing-hyphen", "a hyphen behind it", f"{CODE}-"
    yield "code-lower", "small letters, o for 0, among words", f"code {CODE.lower().replace('0', 'o')}!"
    for name, before, after in (
        ("full-stop", "", "."), ("comma", "", ","), ("urdu-full-stop", "", "\u06d4"), ("urdu-comma", "", "\u060c"),
        ("brackets", "(", ")"), ("square", "[", "]."), ("quotes", "\u201c", "\u201d"),
        ("guillemets", "\u00ab ", " \u00bb"), ("single-quotes", "'", "'"), ("angle", "<", ">"),
        ("bullet", "\u2022 ", ""), ("stars", "**", "**"), ("underscores", "_", "_"), ("label", "Code: ", ""),
        ("label-tight", "code:", ""), ("query", "https://verify.example/?q=", ""),
        ("urdu-words", "\u06a9\u0648\u0688 ", " \u06c1\u06d2"),
        ("urdu-words-tight", "\u06a9\u0648\u0688", "\u06c1\u06d2"), ("link-of-code", V, ""),
        ("next-line", "the code\n", "\nof the sheet"), ("tab-column", "Ayesha\t", "\tA"),
    ):  # fmt: skip
        yield f"code-in-{name}", "a code with something around it", before + CODE + after
    yield (
        "code-urdu-words-spaced",
        "without hyphens, among letters of another script",
        f"\u06a9\u0648\u0688 {CODE.replace('-', ' ')} \u06c1\u06d2",
    )
    yield "code-good-and-mistyped", "one good code and a mistyped one", f"{CODE}, not 0000-0000-0001"
    yield "code-twice", "the same code twice", f"{CODE} = {CODE.lower()}"


def _links() -> Iterator[Text]:
    for name, before, after in (
        ("no-scheme", "verify.example/c/", ""), ("path-alone", "/c/", ""), ("capital-c", "https://h.example/C/", ""),
        ("capitals", "HTTPS://VERIFY.EXAMPLE/C/", ""), ("words", "See https://verify.example/c/", " for it."),
        ("full-stop", V, "."), ("bracket", "(https://verify.example/c/", ")"), ("comma", V, ", please"),
        ("angle", "<https://verify.example/c/", ">"), ("quotes", '"https://verify.example/c/', '"'),
        ("urdu-full-stop", V, "\u06d4"), ("em-dash-word", V, "\u2014thanks"), ("hyphen", V, "-"),
        ("underscore", "_https://verify.example/c/", "_"),
        ("markdown", "[my certificate](https://verify.example/c/", ")"),
        ("html", '<a href="https://verify.example/c/', '">here</a>'),
        ("json", '{"url":"https://verify.example/c/', '"}'), ("file", V, "/certificate.json"),
        ("card", V, "/card.png?x=1"), ("space-query", V, "?a b"), ("newline-query", V, "?a\nb"),
        ("newline-fragment", V, "#a\nb"), ("idn", "https://\u062f\u0631\u06cc\u0627.example/c/", ""),
        ("defanged", "hxxps://verify[.]example/c/", ""),
        ("other-scheme", "intent://verify.example/c/", "#Intent;end"),
        ("broken-host", "https://verify.\nexample/c/", ""), ("broken-after-c", "https://verify.example/c/\n", ""),
        ("ellipsis", V, "\u2026"),
    ):  # fmt: skip
        yield f"link-{name}", "a link with something around it", before + TEXT + after
    for name, end in (
        ("lf", "\n"),
        ("crlf", "\r\n"),
        ("space", " \n"),
        ("indented", "\n    "),
        ("quoted", "\n> "),
        ("quoted-printable", "=\r\n"),
        ("two-spaces", "  \n"),
        ("bar", "\n| "),
    ):
        yield f"link-broken-{name}", "a line end inside the hash", f"See {LINK[:50]}{end}{LINK[50:]} and more"
    yield "link-fullwidth", "fullwidth characters", LINK.translate(FULLWIDTH)
    yield "link-en-dash", "the hyphen of the hash made an en dash", LINK.replace("-", "\u2013")
    yield "link-no-break-hyphen", "the hyphen of the hash made a no-break hyphen", LINK.replace("-", "\u2011")
    yield (
        "link-ligature",
        "a ligature, as a PDF may hold it",
        link("https://verify.example", bytes.fromhex("7df7" * 16)).replace("ff", "\ufb00"),
    )
    yield (
        "link-and-code",
        "a link beats a code",
        f"{short_code(OTHER)} {LINK} {short_code(OTHER)}",
    )
    yield "link-and-hash", "a link beats a hash", f"{OTHER.hex()} {LINK}"


def _wrapped() -> Iterator[Text]:
    once, twice = quote(LINK, safe=""), quote(quote(LINK, safe=""), safe="")
    safelinks = "https://eur01.safelinks.protection.outlook.com/?url={}&data=05%7C02&sdata=" + "A" * 43 + "%3D"
    v2 = "https://urldefense.proofpoint.com/v2/url?u={}&d=DwMFaQ&c=x"
    google = f"https://www.google.com/url?q={once}"
    for name, text in (
        ("safelinks", safelinks.format(once)),
        ("safelinks-small", safelinks.format(once.lower().replace(quote(TEXT, safe="").lower(), TEXT))),
        ("safelinks-twice", safelinks.format(quote(safelinks.format(once), safe=""))),
        ("google", f"https://www.google.com/url?q={LINK}&sa=D&source=docs"),
        ("google-encoded", f"https://www.google.com/url?sa=t&url={once}&usg=AOvVaw0"),
        ("facebook", f"https://l.facebook.com/l.php?u={once}%3Ffbclid%3DIwAR0&h=AT0"),
        ("linkedin", f"https://www.linkedin.com/redir/redirect?url={once}&urlhash=x"),
        ("barracuda", f"https://linkprotect.cudasvc.com/url?a={once}&c=E,1,abc&typo=1"),
        ("proofpoint-1", f"https://urldefense.proofpoint.com/v1/url?u={once}&k=abc"),
        ("proofpoint-2", v2.format(_proofpoint(LINK))),
        ("proofpoint-2-of-encoded", v2.format(_proofpoint(google))),
        ("proofpoint-2-of-two", v2.format(_proofpoint(f"https://l.example/?u={twice}"))),
        ("proofpoint-2-in-safelinks", safelinks.format(quote(v2.format(_proofpoint(LINK)), safe=""))),
        ("proofpoint-3", f"https://urldefense.com/v3/__{LINK}__;!!NEt6yMaO-gk!abc$"),
        ("proofpoint-3-query", f"https://urldefense.com/v3/__{LINK}?lang=ur__;!!NEt6yMaO-gk!abc$"),
        ("cisco", f"https://secure-web.cisco.com/1aBcD-_/{once}"),
        ("trendmicro", f"https://ctp.trendmicro.com/wis/clicktime/v1/query?url={once}&umid=1"),
        ("mimecast-domain", f"https://protect-eu.mimecast.com/redirect?url={once}&domain=verify.example"),
        ("encoded", once),
        ("encoded-twice", twice),
        ("encoded-thrice", quote(twice, safe="")),
        ("encoded-hash", LINK.replace(TEXT, "".join(f"%{ord(each):02x}" for each in TEXT))),
        ("encoded-mark-behind", LINK + "%E2%80%8E"),
        ("encoded-bracket-behind", LINK + "%29."),
        ("safelinks-broken", safelinks.format(once[:60] + "\n" + once[60:])),
        ("safelinks-words", f"Click <{safelinks.format(once)}> to see it."),
    ):
        yield f"wrapped-{name}", "a link inside a link", text


def _proofpoint(text: str) -> str:
    """As version 2 of Proofpoint's URL Defense writes an address."""
    escaped = text.replace("-", "-2D").replace("_", "-5F").replace("/", "_")
    return "".join(f"-{ord(each):02X}" if each in ":?=&%" else each for each in escaped)


def _hashes() -> Iterator[Text]:
    text = HASH.hex()
    grouped = " ".join(text[place : place + 4] for place in range(0, 64, 4))
    yield "hex-grouped", "hex in groups", grouped
    yield "hex-two-lines", "hex over two lines", f"0x{text[:32]}\n{text[32:]}"
    yield "hex-words", "hex among words", f"The hash is 0X{text.upper()}."
    yield "hex-urdu", "hex with Urdu digits", text.translate(URDU)
    yield "hex-json", "hex in JSON", f'{{"hash": "0x{text}"}}'
    yield "hex-ligature", "a ligature in hex", ("7df7" * 16).replace("7df7", "7dff").replace("ff", "\ufb00")
    for name, left, right in (
        ("apostrophes", "'", "'"),
        ("semicolons", ";", ";"),
        ("backquotes", "`", "`"),
        ("bars", "|", "|"),
    ):
        yield f"hex-{name}", "in the middle of a line of code", f"a={left}0x{text}{right}b"
    yield "base64url-words", "base64url among words", f"Hash: {TEXT}, as printed"
    dashed = TEXT.replace("-", "\u2013")
    yield "base64url-dash-words", "among words, with a dash for its hyphen", f"Hash: {dashed}, as printed"
    yield "base64url-brackets", "base64url in brackets", f"({TEXT})"
    yield "base64url-full-stop", "a full stop behind it", f"{TEXT}."
    yield "base64url-bracket", "a bracket behind it", f"{TEXT})"
    yield "base64url-two-lines", "over two lines", f"{TEXT[:20]}\n{TEXT[20:]}"
    yield "base64url-two-lines-below", "over two lines, below an empty one", f" \n\n{TEXT[:20]}\n{TEXT[20:]}\n\n"
    yield "base64url-em-dash", "a dash before it", f"\u2014{TEXT}"
    yield "hash-and-code", "a hash beats a code", f"{short_code(OTHER)} {text}"


def _several() -> Iterator[Text]:
    other = link("https://verify.example", OTHER)
    yield "several-links", "two links: both are listed", f"{LINK}\n{other}\n{LINK}"
    yield "several-links-tight", "two links with a comma between", f"{LINK},{other}"
    yield "several-codes", "two codes: both are listed", f"{CODE} or {short_code(OTHER)}"
    yield "several-hashes", "two hashes in two forms", f"{HASH.hex()} {to_base64url(OTHER)}"
    yield "several-wrapped", "a link, and another one in its query", f"{LINK}?next={quote(other, safe='')} x"


def _nothing() -> Iterator[Text]:
    cut = LINK[:-1]
    loose = LINK[:-1] + chr(ord(LINK[-1]) + 1)
    for name, note, text in (
        ("empty", "nothing", ""),
        ("words", "words", "Please check the certificate of Ayesha Khan."),
        ("cut", "a link that lost its last character", cut),
        ("cut-words", "the same among words", f"See {cut} for it"),
        ("more", "one character too many", LINK + "A"),
        ("loose", "spare bits in the last character", loose + " "),
        ("other-link", "a link to something else", f"See https://verify.example/d/{TEXT}x"),
        ("broken-twice", "a hash on three lines", f"{LINK[:40]}\n{LINK[40:50]}\n{LINK[50:]}"),
        ("code-words-spaced", "a code with spaces among words", f"My code is {CODE.replace('-', ' ')}, thanks"),
        ("code-words-bare", "a code without hyphens among words", f"My code is {CODE.replace('-', '')}, thanks"),
        ("code-word-before", "a letter before it", f"see X{CODE} there"),
        ("code-word-behind", "a digit behind it", f"see {CODE}0 there"),
        ("code-longer", "a group more", f"see {CODE}-0000 there"),
        ("uuid", "a UUID, whose middle looks like a code", "urn:uuid:550e8400-e29b-41d4-a716-446655440000"),
        ("dotless-i", "U+0131 for 1", CODE.replace("1", "\u0131", 1)),
        ("long-s", "U+017F for S", "\u017f" + CODE[1:]),
        ("kelvin", "U+212A for K", "\u212a" + CODE[1:]),
        ("link-dotless-i", "U+0131 in a link", LINK.replace("J", "\u0131", 1)),
        ("link-long-s", "U+017F in a link", LINK.replace("J", "\u017f", 1)),
        ("link-kelvin", "U+212A in a link", LINK.replace("J", "\u212a", 1)),
        ("accent", "a combining accent behind a hash's character", LINK[:50] + "\u0301" + LINK[50:]),
        ("devanagari", "digits of a script that is not read", CODE.replace("4", "\u096a")),
        ("surrogate", "a lone surrogate", "\ud800 hello"),
        ("mimecast", "its target is not in it", "https://protect-eu.mimecast.com/s/AbCdEfG?domain=verify.example"),
        ("proofpoint-2-ended", "a line end ends it", f"/v2/url?u=https-3A__a.example\n_c_{_proofpoint(TEXT)}"),
        ("transaction", "a hash in an address of something else", f"https://bscscan.com/tx/0x{HASH.hex()}"),
        ("encoded-four-times", "wrapped deeper than is looked", V.replace("/", "%2525252F") + TEXT),
        ("address", "a phone number", "0300 1234567"),
    ):  # fmt: skip
        yield f"nothing-{name}", note, text
