"""Every limit of the formats, with its unit (SPEC.md section 2)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of what a verifier accepts. Larger input is refused before any work is done on it."""

    file_bytes: int = 10_000_000
    """Largest file, sealed PDF or JSON."""
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
    number_chars: int = 40
    """Longest number in JSON, its sign and exponent included."""
    path_elements: int = 40
    """Longest Merkle path."""
    index: int = 2**32 - 2
    """Largest position in a batch: sizes are 32-bit numbers in the registry."""
    domain_chars: int = 253
    """Longest DNS name (RFC 1035)."""
    fresh_seconds: int = 600
    """How near to the newest block a signature's time must be for a missing record not to be bad news yet."""
    time: int = 253_402_300_799
    """Latest time that a registry may answer: the last second of the year 9999, Unix seconds."""
    batch_memory_bytes: int = 134_217_728
    """Memory for batch files and their trees; a batch of 80,000 takes 10.6 MB."""
    batch_proofs: int = 100_000
    """Batch files for which it is cached whether they lead to their roots."""
    told_hashes: int = 10_000
    """Certificate hashes for which the operator gets a message that what is stored under them is not theirs."""
    replacement_steps: int = 8
    """Longest chain of replacements that is followed."""
    search_streams: int = 256
    """Streams of a changed file that are searched for an envelope."""
    search_head_input: int = 1_024
    """Bytes of each stream that are inflated first, to see whether it may contain an envelope."""
    search_head_bytes: int = 1_024
    """Bytes that these streams may inflate to."""
    search_stream_bytes: int = 524_288
    """Bytes read from one stream that may contain an envelope; it may inflate to the same number."""
    search_total_bytes: int = 1_048_576
    """Bytes that are read from such streams, and bytes that they may inflate to, in one file."""
    search_candidates: int = 32
    """Candidates for an envelope that are tried in one file."""
    search_candidate_floor: int = 65_536
    """Bytes of all candidates in a small file; a larger one has as many as its own, up to one largest envelope's."""
    picture_bytes: int = 524_288
    """Largest picture of a course in an archive."""
    picture_chunks: int = 10_000
    """Parts of a PNG that are searched for a credential."""
    code_chars: int = 10_000
    """Longest text that is searched for a link, a hash or a short code, in code points."""
    picture_depth: int = 32
    """Deepest nesting of an SVG's elements; the root has depth 1."""
    picture_text: int = 1_048_576
    """Characters of an SVG's credential as written, references included."""
    picture_parts: int = 100_000
    """Tags, comments and pieces of text of an SVG that are read."""
    presentation_credentials: int = 20
    """Credentials in one presentation."""
    short_code_matches: int = 20
    """Certificates listed for one short code."""


LIMITS = Limits()


def megabytes(size: int) -> str:
    """A size in bytes, for people: in MB, rounded up, so that a size over a limit never reads as the limit itself."""
    return f"{-(-size // 100_000) / 10:.1f}"
