"""Vectors of SPEC.md sections 2, 8 and 9: JSON, batch files, links, hashes and short codes."""

from collections.abc import Iterator

from tests.vectors.samples import batch_of_one, class_of_five
from verifier.core.codes import CROCKFORD, link, short_code
from verifier.core.hashes import to_base64url

HASH = bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df00443214c74254b635cf8465")


def accepted_json() -> Iterator[tuple[str, str, bytes]]:
    """JSON within the limits."""
    yield (
        "numbers",
        "numbers in many spellings",
        b"[0,-0,1.0,1e2,0.1,1E-7,9007199254740991,-9007199254740991,333333333.33333329]",
    )
    yield (
        "order",
        "keys sorted by UTF-16 code units",
        '{"\u20ac":1,"\\r":2,"\ufb33":3,"1":4,"\U0001f600":5,"\x80":6,"\u00f6":7}'.encode(),
    )
    yield (
        "escapes",
        "control characters and escapes",
        b'["\\u0000\\b\\t\\n\\f\\r\\"\\\\\\/\\u007f\\u00e9\\ud83d\\ude00"]',
    )
    yield "deep-32", "nested 32 deep", b"[" * 32 + b"]" * 32
    yield "brackets-in-strings", "brackets that do not nest", b'["' + b"[" * 40 + b'\\"{"]'
    yield "scalar", "a text alone", b' "a" '
    yield "exactly-262144", "262,144 bytes", b'"' + b"a" * 262_142 + b'"'
    yield from _accepted_numbers()
    yield from _accepted_strings()


def _accepted_numbers() -> Iterator[tuple[str, str, bytes]]:
    note = "a number whose double is whole is that whole number, however it is written"
    yield "whole", note, b"[1.0,1e0,10e-1,100E-2,0.0,0e0,-0.0,-1.0,1.000000000000000000000,9007199254740991.0]"
    yield "rounds-to-bound", "its double is 2^53-1", b"[9007199254740991.4,-9007199254740990.6]"
    yield "half-below-bound", "the largest double with a half", b"[4503599627370495.5]"
    yield "rounds-to-zero", "too small for a double: 0", b"[1e-400,-1e-400]"
    yield (
        "doubles",
        "the shortest form of a double, and where its exponent begins",
        b"[5e-324,2.2250738585072014e-308,1e-7,0.000001,0.30000000000000004,1e-27,123456789012.34567,-1.5E+2]",
    )
    yield (
        "token-40",
        "numbers of 40 characters",
        b"[0.%b,-%be+10,%be%b]" % (b"3" * 38, b"1." + b"0" * 33, b"0", b"9" * 38),
    )


def _accepted_strings() -> Iterator[tuple[str, str, bytes]]:
    yield "controls", "every control character, escaped", b'["%b"]' % b"".join(b"\\u%04X" % each for each in range(32))
    yield (
        "not-escaped",
        "what stays as it is: < > & / DEL U+0080 U+2028 U+2029",
        b'["\\u003c>&\\/\x7f\\u0080\\u2028\\u2029"]',
    )
    yield "not-normalised", "a letter and its accent stay two characters", '["e\u0301","\u00e9","\u212b"]'.encode()
    yield "mark-inside", "a byte-order mark inside a string", '["\ufeff\\ufeff"]'.encode()
    yield "noncharacters", "code points that are no characters", '["\uffff\\ufffe\U0010ffff\\u0000"]'.encode()
    yield "keys", "keys that are empty, escaped, or alike but for their case", b'{"b":1,"":2,"\\u0062\\u0000":3,"B":4}'
    note = "keys beyond the BMP come before U+E000 to U+FFFF: UTF-16 code units, not code points"
    yield "order-surrogates", note, '{"\uffee":1,"\U0001f602":2,"\ue000":3,"\\ud800\\udc00":4,"\ud7ff":5}'.encode()


def refused_json() -> Iterator[tuple[str, str, bytes]]:
    """JSON that must be refused."""
    yield "bom", "a byte-order mark", b"\xef\xbb\xbf{}"
    yield "not-utf8", "a byte that is not UTF-8", b'["\xff"]'
    yield "overlong", "an overlong UTF-8 form", b'["\xc0\x80"]'
    yield "surrogate-utf8", "a surrogate in UTF-8", b'["\xed\xa0\x80"]'
    yield "surrogate-escape", "a lone surrogate, escaped", b'["\\ud800"]'
    yield "surrogate-key", "a lone surrogate in a key", b'{"\\udc00":1}'
    yield "key-twice", "a key twice", b'{"a":1,"a":1}'
    yield "key-twice-escaped", "a key twice, once escaped", b'{"a":1,"\\u0061":1}'
    yield "nan", "NaN", b"[NaN]"
    yield "infinity", "Infinity", b"[-Infinity]"
    yield "overflow", "a number too large for a double", b"[1e400]"
    yield "integer-beyond", "2^53", b"[9007199254740992]"
    yield "integer-below", "-2^53", b"[-9007199254740992]"
    yield "integer-exponent", "a whole number beyond 2^53, with an exponent", b"[1e21]"
    yield "integer-long", "a very long number", b"[" + b"9" * 5000 + b"]"
    yield from _refused_numbers()
    yield from _refused_text()
    yield "deep-33", "nested 33 deep", b"[" * 33 + b"]" * 33
    yield "deep-unclosed", "nested very deep and never closed", b"[" * 100000
    yield "trailing", "something after the value", b"{} {}"
    yield "trailing-comma", "a comma too many", b"[1,]"
    yield "comment", "a comment", b"[1/*x*/]"
    yield "single-quotes", "single quotes", b"['a']"
    yield "leading-zero", "a leading zero", b"[01]"
    yield "plus", "a plus sign", b"[+1]"
    yield "control-in-string", "a raw control character in a string", b'["\x01"]'
    yield "unfinished", "an unfinished string", b'["a'
    yield "empty", "nothing", b""
    yield "nul", "a NUL byte after the value", b"{}\x00"
    yield "form-feed", "white space that JSON does not know", b"\x0c{}"
    yield "large", "more than 262,144 bytes", b'"' + b"a" * 262_143 + b'"'


def _refused_numbers() -> Iterator[tuple[str, str, bytes]]:
    yield "rounds-beyond", "its double is 2^53", b"[9007199254740991.6]"
    yield "rounds-to-whole", "its double is whole and beyond 2^53, though it has a fraction", b"[123456789012345678e-1]"
    yield "token-41", "a number of 41 characters", b"[0.%b]" % (b"3" * 39)
    yield "token-41-zeros", "41 characters of nothing", b"[-0.%b]" % (b"0" * 38)
    yield "token-41-whole", "41 digits that make a small number", b"[1%be-40]" % (b"0" * 36)
    yield "token-5000", "1 with 5,000 zeros, and an exponent that takes them away", b"[1%be-5000]" % (b"0" * 5000)
    for name, text in (
        ("fraction-empty", "1."), ("integer-empty", ".5"), ("exponent-empty", "1e"), ("exponent-sign", "1e+"),
        ("hex", "0x1"), ("minus", "-"), ("double-zero", "00"), ("minus-zero-zero", "-00"), ("underscore", "1_0"),
        ("arabic-digits", "\u0661"), ("fullwidth-digits", "\uff11"), ("minus-sign", "\u22121"), ("word", "True"),
    ):  # fmt: skip
        yield f"number-{name}", f"no number of JSON: {text}", f"[{text}]".encode()


def _refused_text() -> Iterator[tuple[str, str, bytes]]:
    yield "bom-alone", "a byte-order mark and nothing else", b"\xef\xbb\xbf"
    yield "bom-after-space", "a byte-order mark after white space", b" \xef\xbb\xbf{}"
    yield "bom-after-value", "a byte-order mark after the value", b"{}\xef\xbb\xbf"
    yield "bom-utf16", "UTF-16 with its mark", "{}".encode("utf-16-le").join([b"\xff\xfe", b""])
    yield "surrogates-reversed", "a surrogate pair the wrong way round", b'["\\udc00\\ud800"]'
    yield "surrogate-then-letter", "a high surrogate before a letter", b'["\\ud83dA"]'
    yield "no-break-space", "a no-break space between values", "[1,\u00a02]".encode()
    yield "line-separator", "U+2028 between values", "[1,\u20282]".encode()
    yield "escape-x", "an escape that JSON does not know", b'["\\x41"]'
    yield "escape-u-brace", "an escape of another language", b'["\\u{41}"]'
    yield "escape-short", "an escape with three digits", b'["\\u041"]'
    yield "key-bare", "a key without quotes", b"{a:1}"
    yield "key-twice-surrogates", "a key twice, once as an escaped pair", '{"\U0001f600":1,"\\ud83d\\ude00":2}'.encode()


def good_codes() -> Iterator[tuple[str, str, str]]:
    """What people hand in and what is read as `HASH`, or as its short code."""
    text, code = to_base64url(HASH), short_code(HASH)
    yield "link", "a link", link("https://verify.example", HASH)
    yield "link-of-anybody", "a link of another origin: only H is taken", link("http://evil.example:81/a/c/b", HASH)
    yield (
        "link-dressed",
        "slash, query and fragment are ignored",
        link("https://verify.example", HASH) + "/?lang=ur#top",
    )
    yield "hex", "hex", HASH.hex()
    yield "hex-prefixed", "hex with 0x, in capitals", "0x" + HASH.hex().upper()
    yield "base64url", "base64url, with white space around", f"  {text}\n"
    yield "code", "a short code", code
    yield (
        "code-typed",
        "a short code as people type it",
        code.lower().replace("-", " ").replace("0", "o").replace("1", "l"),
    )
    yield "code-bare", "a short code without hyphens", code.replace("-", "")
    yield "code-spaced", "spaces and hyphens between all characters", " - ".join(code.replace("-", ""))
    yield "hex-0X", "0X in capitals", "0X" + HASH.hex()
    yield "hex-both-cases", "digits of both cases", "0x" + HASH.hex()[:32].upper() + HASH.hex()[32:]
    for scheme in ("HTTPS", "Http", "http"):
        yield f"link-{scheme}", "a scheme in any case", f"{scheme}://verify.example/c/{text}"
    yield "link-path", "a path before /c/, with /c/ in it", f"https://verify.example/a//b/c/x/c/{text}"
    yield "link-user", "a user and a port: the origin is not looked at", f"https://a:b@[2001:db8::1]:8443/c/{text}"
    yield "link-slash", "one slash at the end", f"https://verify.example/c/{text}/"
    yield "link-query", "a query with another link in it", f"https://verify.example/c/{text}?u=/c/{text[:-1]}A"
    yield "link-fragment", "a fragment alone", f"https://verify.example/c/{text}#/c/"
    yield "link-query-empty", "an empty query and fragment", f"https://verify.example/c/{text}?#"
    yield (
        "white-space",
        "the white space that is dropped",
        f"\r\n\t {text}\n \t\r",
    )
    yield "exactly-10000", "10,000 characters", f"https://verify.example/c/{text}?" + "a" * (9_999 - 25 - 43)


def bad_codes() -> Iterator[tuple[str, str, str]]:
    """What is none of the four forms."""
    text = to_base64url(HASH)
    last = text[-1]
    other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    yield "base64url-loose", "spare bits set in the last character", text[:-1] + other[other.index(last) + 1]
    yield "base64url-short", "42 characters", text[:-1]
    yield "hex-short", "63 digits", HASH.hex()[:-1]
    yield "link-foreign", "a link to somewhere else", "https://verify.example/d/" + text
    yield "link-scheme", "not http", "ftp://verify.example/c/" + text
    yield "code-u", "the letter U is in no code", "UUUU-UUUU-UUUU"
    yield "code-long", "thirteen characters", short_code(HASH) + "0"
    yield "words", "words", "hello"
    yield "too-long", "10,001 characters", f"https://verify.example/c/{text}?" + "a" * (10_000 - 25 - 43)
    code = short_code(HASH)
    yield from (
        ("link-C", "a capital C", f"https://verify.example/C/{text}"),
        ("link-no-scheme", "no scheme", f"verify.example/c/{text}"),
        ("link-no-host", "no host", f"https:///c/{text}"),
        ("link-more", "44 characters", f"https://verify.example/c/{text}A"),
        ("link-loose", "spare bits set", f"https://verify.example/c/{text[:-1]}{other[other.index(last) + 1]}"),
        ("link-two-slashes", "two slashes at the end", f"https://verify.example/c/{text}//"),
        ("link-deeper", "a path behind the hash", f"https://verify.example/c/{text}/certificate.json"),
        ("link-in-query", "a link in another one's query", f"https://verify.example/?u=https://h.example/c/{text}"),
        ("link-two", "two links in one", f"https://verify.example/c/{text}/c/{text}"),
        ("link-dot", "a full stop behind it", f"https://verify.example/c/{text}."),
        ("link-space-query", "a space in the query", f"https://verify.example/c/{text}?a b"),
        ("link-newline-query", "a line feed in the query", f"https://verify.example/c/{text}?a\nb"),
        ("link-newline-fragment", "a line feed in the fragment", f"https://verify.example/c/{text}#a\nb"),
        ("link-idn", "a host that is not ASCII", f"https://\u062f\u0631\u06cc\u0627.example/c/{text}"),
        ("link-long-s", "U+017F in the scheme", f"http\u017f://verify.example/c/{text}"),
        ("link-kelvin", "U+212A in the hash", f"https://verify.example/c/{text.replace('J', chr(0x212A), 1)}"),
        ("link-dotless-i", "U+0131 in the hash", f"https://verify.example/c/{text.replace('J', chr(0x131), 1)}"),
        ("base64url-long-s", "U+017F in the hash", text.replace("J", "\u017f", 1)),
        ("hex-two-prefixes", "0x twice", "0x0x" + HASH.hex()),
        ("hex-spaced", "spaces inside", " ".join(HASH.hex()[place : place + 8] for place in range(0, 64, 8))),
        ("hex-fullwidth", "digits that are not ASCII", HASH.hex().replace("0", "\uff10")),
        ("code-short", "eleven characters", code[:-1]),
        ("code-dotless-i", "U+0131, which upper-casing makes an I", code.replace("1", "\u0131", 1)),
        ("code-long-s", "U+017F, which upper-casing makes an S", "\u017f" + code[1:]),
        ("code-kelvin", "U+212A, which lower-casing makes a k", "\u212a" + code[1:]),
        ("code-urdu-digits", "digits that are not ASCII", code.replace("4", "\u06f4")),
        ("code-leading-hyphen", "a hyphen before it", f"-{code}"),
        ("code-trailing-hyphen", "a hyphen behind it", f"{code}-"),
        ("code-tab", "tabs between", code.replace("-", "\t")),
        ("code-newline", "line feeds between", code.replace("-", "\n")),
        ("code-no-break-space", "no-break spaces between", code.replace("-", "\u00a0")),
        ("code-en-dash", "en dashes between", code.replace("-", "\u2013")),
        ("code-full-stop", "a full stop behind it", f"{code}."),
        ("space-vertical-tab", "a vertical tab before it", f"\x0b{text}"),
        ("space-form-feed", "a form feed behind it", f"{text}\x0c"),
        ("space-1c", "U+001C and U+001F around it", f"\x1c{HASH.hex()}\x1f"),
        ("space-nel", "U+0085 behind it", f"{HASH.hex()}\x85"),
        ("space-bom", "a byte-order mark before it", f"\ufeff{HASH.hex()}"),
        ("space-no-break", "a no-break space before it", f"\u00a0{HASH.hex()}"),
        ("surrogate", "a lone surrogate", "\ud800"),
        ("nul", "a NUL", f"{text}\0"),
    )
    yield "empty", "nothing", ""


def mistyped_codes() -> Iterator[tuple[str, str, str]]:
    """Short codes with one character wrong, or two exchanged."""
    code = short_code(HASH)
    for place in (0, 5, 13):
        wrong = CROCKFORD[(CROCKFORD.index(code[place]) + 7) % 32]
        yield f"wrong-{place}", f"character {place} is wrong", code[:place] + wrong + code[place + 1 :]
    yield "exchanged", "two neighbours exchanged", code[:2] + code[3] + code[2] + code[4:]


def good_batch_files() -> Iterator[tuple[str, str, bytes]]:
    """Batch files as issued."""
    yield "five", "the class of five", class_of_five().file.to_bytes()
    yield "one", "the batch of one", batch_of_one().file.to_bytes()


def bad_batch_files() -> Iterator[tuple[str, str, bytes]]:
    """Batch files that must be refused."""
    data = class_of_five().file.to_bytes()
    head, body = data.split(b"\n", 1)
    yield "empty", "nothing", b""
    yield "no-records", "a head without records", head + b"\n"
    yield "cut", "the last byte lost", data[:-1]
    yield "longer", "a record more", data + bytes(64)
    yield "shorter", "a record less", data[:-64]
    yield "swapped", "two records exchanged", head + b"\n" + body[64:128] + body[:64] + body[128:]
    yield "bit", "one bit changed", data[:-1] + bytes([data[-1] ^ 1])
    yield "crlf", "CRLF after the head", head + b"\r\n" + body
    yield "version", "another version", data.replace(b"batch 1", b"batch 2", 1)
    yield "domain", "a domain in capitals", data.replace(b"university", b"University", 1)
    yield "domain-dots", "a domain with an empty label", data.replace(b"university.", b"university..", 1)
    yield "root-upper", "the root in capitals", head[:-64] + head[-64:].upper() + b"\n" + body
