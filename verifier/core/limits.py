"""Every limit of the formats, with its unit (SPEC.md section 2)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a verifier accepts; beyond it, input is refused before work is done on it."""

    file_bytes: int = 10_000_000
    """Largest file taken in, sealed PDF or JSON."""
    envelope_bytes: int = 262_144
    """Largest envelope."""
    status_list_bytes: int = 262_144
    """Largest status list credential; 131,072 entries at random places fill at most 22 kB."""
    signed_values: int = 768
    """Values (objects, lists, strings, numbers …) of a document whose signature is over its RDF."""
    signed_nodes: int = 256
    """Objects in such a document."""
    signed_list: int = 256
    """Values in one of its lists."""
    signed_contexts: int = 16
    """Contexts that it names."""
    nameless_nodes: int = 64
    """Objects in such a document that have no identifier."""
    json_depth: int = 32
    """Deepest nesting of JSON arrays and objects; `{}` has depth 1."""
    integer: int = 2**53 - 1
    """Largest magnitude of a JSON number whose value is whole."""
    path_elements: int = 40
    """Longest Merkle path."""
    index: int = 2**32 - 2
    """Largest position in a batch: sizes are 32-bit numbers in the registry."""
    domain_chars: int = 253
    """Longest DNS name (RFC 1035)."""
    replacement_steps: int = 8
    """Longest chain of replacements that is followed."""
    salvage_streams: int = 256
    """Compressed streams of a PDF that are opened in search of an envelope."""
    salvage_stream_bytes: int = 1_048_576
    """Bytes taken out of one compressed stream."""
    salvage_total_bytes: int = 33_554_432
    """Bytes taken out of all compressed streams of one file."""
    salvage_candidates: int = 32
    """Envelopes looked at in one file."""
    picture_bytes: int = 524_288
    """Largest picture of a course in an archive."""
    picture_chunks: int = 10_000
    """Parts of a PNG that are walked through in search of a credential."""
    short_code_matches: int = 20
    """Certificates listed for one short code."""


LIMITS = Limits()
