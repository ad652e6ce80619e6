"""Verifiable Credentials 2.0 in general, ours or not: their data model, their proofs, what can be said of them.

    faults        what is wrong, as RFC 9457 problem details
    values        URLs, times, language values
    data_model    the MUSTs of the data model for credentials and presentations
    resources     digests of related resources
    counted       canonicalising at a bounded cost
    proofs        Data Integrity proofs, sets and chains of them, and whose the keys are
    checking      all of it for one credential or presentation

Nothing here reads or writes; keys of `did:web` are looked up through a Protocol. No verdict rests on any of it: those
come from verifier.core alone.
"""
