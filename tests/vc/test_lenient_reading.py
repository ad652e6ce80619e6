"""Contexts that documents write out, and nodes that nothing tells apart: read where nothing is lost, and soon."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vc.conftest import Node, presentation, sign, unsigned
from tests.vc.test_proofs import BENCH
from verifier.core.canonical import Json
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.errors import SignatureUncheckedError
from verifier.core.linked_data import canonical_quads
from verifier.vc.checking import Standing, check_credential, check_presentation, lenient_quads
from verifier.vc.proofs import Asked


class TestContextsOfItsOwn:
    def quads(self, context: Json, lenient: bool = True) -> str:
        subject = {"id": "urn:s", "said": "yes"}
        document = {"@context": [CREDENTIALS_V2, context], "type": "VerifiableCredential", "credentialSubject": subject}
        return canonical_quads(document, lenient=lenient)

    def test_are_read_where_nothing_is_lost(self) -> None:
        assert self.quads({"said": "urn:x:said"}).count('<urn:s> <urn:x:said> "yes" .\n') == 1
        assert (
            self.quads({"x": "urn:x:", "said": {"@id": "x:said", "@type": "x:kind"}}).count('"yes"^^<urn:x:kind> .\n')
            == 1
        )
        with pytest.raises(SignatureUncheckedError, match="defines terms of its own"):
            self.quads({"said": "urn:x:said"}, lenient=False)

    @pytest.mark.parametrize(
        "context",
        [
            *({"said": None}, {"said": {"@id": None}}, {"said": "@index"}, {"said": {"@id": "@direction"}}),
            *({"said": {"@id": "urn:x", "@container": "@index"}}, {"said": {"@id": "urn:x", "@container": ["@id"]}}),
            *({"said": {"@reverse": "urn:x"}}, {"@base": "urn:x"}, {"@import": "https://example.org/c"}),
            *({"said": "@nest"}, {"said": {"@id": "urn:x", "@nest": "y"}}, {"@propagate": False}, {"said": ["urn:x"]}),
            *({"@context": [{"said": None}]}, {"said": {"@id": "urn:x", "@context": {"y": None}}}, {"said": "@graph"}),
            {"said": {"@id": "urn:x", "@type": "@json"}},
        ],
    )
    def test_are_not_read_where_something_could_be(self, context: Node) -> None:
        with pytest.raises(SignatureUncheckedError, match="The credential's own context uses"):
            self.quads(context)

    def test_what_a_document_defines_is_forgotten_with_it(self) -> None:
        self.quads({"said": "urn:x:said"})
        with pytest.raises(Exception, match="'said' that no context defines"):
            self.quads({"other": "urn:x:other"})

    def test_inside_a_credential_that_is_presented(self) -> None:
        credential = sign(unsigned())
        credential["credentialSubject"][0]["@context"] = {"says": None}
        node = sign(presentation(sign(unsigned())), proofPurpose="authentication", challenge="c")
        node["verifiableCredential"] = [credential]
        finding = check_presentation(node, BENCH, Asked("c"))
        assert finding.signature is Standing.UNCHECKED


KEYS = st.sampled_from(
    [
        *(
            "says",
            "ex",
            "ex:more",
            "urn:x",
            "type",
            "id",
            "@id",
            "@type",
            "@vocab",
            "@protected",
            "@version",
            "@context",
        ),
        *("@container", "@language", "@index", "@json", "@nest", "VerifiableCredential", "ExampleCredential", ""),
    ]
)
DEFINITIONS = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | KEYS
    | st.sampled_from(["urn:x", "https://e.org/#x", "ex:y", "@set", "1.1", "en", "_:b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)
SIGNED = sign(unsigned())


@given(st.dictionaries(KEYS, DEFINITIONS, max_size=5), st.sampled_from(["document", "subject"]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_document_defines_it_is_told_in_our_own_words(context: Node, place: str) -> None:
    credential = copy.deepcopy(SIGNED)
    if place == "document":
        credential["@context"].append(context)
    else:
        credential["credentialSubject"][0]["@context"] = context
    finding = check_credential(credential, BENCH)
    assert finding.standing is not Standing.GENUINE or lenient_quads(_bare(credential)) == lenient_quads(_bare(SIGNED))


def _bare(credential: Node) -> Node:
    return {key: value for key, value in credential.items() if key != "proof"}


class TestNodesThatNothingTellsApart:
    """Telling such nodes apart takes a time that grows with their factorial; nobody may make a verifier spend it."""

    def presented(self, credentials: int, chains: int, length: int) -> Node:
        def chain(left: int) -> Node:
            return {"https://e.org/#p": [chain(left - 1)]} if left else {"https://e.org/#q": "x"}

        inside = {
            "@context": [CREDENTIALS_V2],
            "type": ["VerifiableCredential"],
            "credentialSubject": {"https://e.org/#s": [chain(length) for _ in range(chains)]},
        }
        return presentation(*[copy.deepcopy(inside) for _ in range(credentials)])

    def test_are_refused_before_any_work(self) -> None:
        for shape in (3, 3, 4), (2, 3, 6), (2, 5, 3):
            with pytest.raises(SignatureUncheckedError, match="More than 12 of its nameless nodes say the same"):
                lenient_quads(self.presented(*shape))

    def test_a_handful_is_told_apart(self) -> None:
        assert lenient_quads(self.presented(2, 2, 3)).count("_:c14n") > 0
        assert lenient_quads(self.presented(1, 1, 9)).count("_:c14n") > 0
