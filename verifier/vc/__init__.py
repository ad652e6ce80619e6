"""Verifiable Credentials 2.0 of any issuer: their data model, their proofs, and what a check can say about them.

    faults        what is wrong, as RFC 9457 problem details
    values        URLs, times, language values
    data_model    the MUSTs of the data model for credentials and presentations
    resources     digests of related resources
    counted       canonicalisation at a limited cost
    proofs        Data Integrity proofs, sets and chains of them, and whose the keys are
    checking      all of it for one credential or presentation

This package does no input or output; keys of `did:web` are looked up through a Protocol. No verdict depends on it:
verdicts come from verifier.core alone.
"""
