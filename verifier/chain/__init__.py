"""How the chain is read: several nodes, which must agree, within deadlines.

networks.py, registry_settings.py   which chains, nodes and registries (verifier/networks.toml)
node.py, pacing.py   one node: bounded, patient, polite
asking.py, contract_calls.py   a question to the contract, and what an answer may be
panel.py      the nodes together
values.py     whom to ask, how patiently, about what
registry.py   the registry behind the core's Protocol
remembering.py   whom the programme accredited, kept for when a registry is silent
"""
