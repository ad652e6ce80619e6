"""Checking certificates: what strangers must trust, so the smallest package, without keys (SPEC.md).

core/      the rules, without input or output
vc/        other people's credentials, by the W3C's rules
chain/     how the chain is read
domains/   what institutions' domains say
answers/   from what is handed in to an answer in words
web/       the pages and the API
commands/  `sanad verify`, `sanad badge`, `sanad serve`
"""
