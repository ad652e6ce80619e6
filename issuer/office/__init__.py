"""The service layer, which commands, console and workers call: values and progress out, exceptions only.

office.py        one sanad.toml, opened
performing.py    acts one after another, with what follows from each: trail, status lists, pointers, letters
taking_back.py   revoking and replacing
issuing.py       the issuer with its keys; cancelling a batch
class_report.py  what will become of a roster's rows
previewing.py    specimens
certificates.py  whichever certificate somebody names
finding.py, matching.py, standings.py   searching the records
letters.py       letters of one certificate
status_lists.py  publishing what tells other verifiers of revocations
own_domain.py    what the institution says on its own domain
rebuilding.py    lost records or a lost archive, built again
key_choice.py, records_place.py   which key acts, and where things are kept
"""
