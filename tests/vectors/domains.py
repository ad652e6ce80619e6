"""Vectors of SPEC.md's domain grammar."""

from collections.abc import Iterator

Text = tuple[str, str, str]
"""Name, what it is, the text."""

_LONG = "a" * 63


def good() -> Iterator[Text]:
    """Domains as registries and issuers write them."""
    yield "two-labels", "two labels", "university.example"
    yield "many-labels", "many labels, one of one letter", "a.b.c.d.e.f.university.example"
    yield "shortest", "the shortest", "a.b"
    yield "a-label", "A-labels (IDNA) in both places", "xn--mgbai9azgqp6j.xn--mgbai9azgqp6j"
    yield "hyphens", "hyphens inside, also two of them", "a-b--c.example"
    yield "digits", "labels of digits, and a last label that ends in one", "0.1-2.163.com1"
    yield "label-63", "labels of 63 characters", f"{_LONG}.{_LONG}"
    yield "chars-253", "253 characters", _of_length(253)
    yield "top-one-letter", "a last label of one letter", "university.x"


def bad() -> Iterator[Text]:
    """What is none."""
    yield "empty", "nothing", ""
    yield "one-label", "one label", "localhost"
    yield "trailing-dot", "a dot at the end", "university.example."
    yield "leading-dot", "a dot at the beginning", ".university.example"
    yield "two-dots", "an empty label", "university..example"
    yield "dot", "a dot alone", "."
    yield "capital", "a capital letter", "University.example"
    yield "capital-top", "a capital letter in the last label", "university.Example"
    yield "label-64", "a label of 64 characters", f"{_LONG}a.example"
    yield "top-64", "a last label of 64 characters", f"university.{_LONG}a"
    yield "chars-254", "254 characters", _of_length(254)
    yield "top-digit", "a last label that begins with a digit", "university.1example"
    yield "address-4", "an IPv4 address", "192.0.2.1"
    yield "address-6", "an IPv6 address", "[2001:db8::1]"
    yield "hyphen-first", "a hyphen at a label's beginning", "-university.example"
    yield "hyphen-last", "a hyphen at a label's end", "university-.example"
    yield "hyphen-top", "a hyphen at the last label's beginning", "university.-example"
    yield "hyphen-top-last", "a hyphen at the last label's end", "university.example-"
    yield "hyphen-alone", "a label of one hyphen", "a.-.example"
    yield "underscore", "an underscore", "_sanad.university.example"
    yield "u-label", "a U-label (IDNA)", "j\u00e4rvi.example"
    yield "u-label-urdu", "a U-label in Urdu", "\u062f\u0631\u06cc\u0627.example"
    yield "fullwidth-dot", "a full stop that is not ASCII", "university\uff0eexample"
    yield "kelvin", "U+212A, which lower-casing makes a k", "\u212aing.example"
    yield "long-s", "U+017F, which upper-casing makes an S", "univer\u017fity.example"
    yield "port", "a port", "university.example:8443"
    yield "port-escaped", "a port as did:web writes it", "university.example%3A8443"
    yield "path", "a path", "university.example/department"
    yield "path-did", "a path as did:web writes it", "university.example:department"
    yield "scheme", "a scheme", "https://university.example"
    yield "user", "a user before it", "rector@university.example"
    yield "wildcard", "a wildcard", "*.university.example"
    yield "space", "white space before it", " university.example"
    yield "space-inside", "white space inside", "univer sity.example"
    yield "line-feed", "a line feed at the end", "university.example\n"
    yield "nul", "a NUL at the end", "university.example\0"
    yield "soft-hyphen", "a soft hyphen", "univer\u00adsity.example"
    yield "direction", "a direction mark at the end", "university.example\u200e"


def _of_length(length: int) -> str:
    labels = f"{_LONG}.{_LONG}.{_LONG}."
    return labels + "a" * (length - len(labels))
