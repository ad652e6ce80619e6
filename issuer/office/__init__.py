"""The service layer, which commands, console and workers call: values and progress out, exceptions only.

office.py        one sanad.toml, opened
performing.py    acts one after another, with what follows from each: trail, status lists, pointers, letters
trail.py         every act that was sent, and what became of it
multisig.py      acts written for a multisig
written_calls.py, taken_effect.py   what these call, and whether the registry has it
taking_back.py   revoking and replacing
behind.py        whether records and archive hold what the registry has
issuing.py       the issuer with its keys; cancelling a batch
class_report.py  what will become of a roster's rows
previewing.py    specimens
certificates.py  whichever certificate somebody names
taken_back.py    what the registry says now of certificates in the records
finding.py, matching.py, standings.py   searching the records
letters.py       letters of one certificate
erasing.py       one person's data, in every part that the institution names
leftovers.py     what killed runs left, removed
status_lists.py  publishing what tells other verifiers of revocations
own_domain.py    what the institution says on its own domain
rebuilding.py    lost records or a lost archive, built again
key_choice.py, records_place.py   which key acts, and where things are kept
"""
