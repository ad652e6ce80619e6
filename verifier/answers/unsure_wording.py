"""The messages for a certificate that could not be judged although every question was answered."""

from collections.abc import Mapping

from verifier.core import unsure

CASES: Mapping[str, str] = {
    unsure.NO_PLACE: "place",
    unsure.BESIDES: "place",
    unsure.SEVERAL_PLACES: "several",
    unsure.TOO_FRESH: "fresh",
}
"""The key of the message, by the text of the deciding step."""

UNSURE: Mapping[str, tuple[str, str, str, str]] = {
    "place": (
        "Could not check",
        "This certificate could not be checked without its PDF.",
        "What you submitted does not contain its own proof, and the proof is not available here. This speaks neither "
        "for nor against the certificate.",
        "Ask for the PDF as the institution sent it, or its certificate.json, and check that.",
    ),
    "several": (
        "Could not check",
        "This certificate is on record more than once, and the records do not agree.",
        "{reason} This speaks neither for nor against the certificate.",
        "Ask for the PDF as the institution sent it, and check that: it says which record it belongs to.",
    ),
    "fresh": (
        "Could not check yet",
        "This certificate is not on record yet.",
        "It says that it was signed a moment ago, and the record may still be on its way. This speaks neither for nor "
        "against the certificate.",
        "Check again after {again}.",
    ),
}
"""Word, headline, explanation and advice."""
