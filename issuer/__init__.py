"""Issuing: from a professor's spreadsheet to certificates that anybody can verify.

From the ground up, each package imports only those before it (tests/test_layout.py):

errors.py, text.py   what all share: exceptions, and texts as people type them
disk/         writing files whole, and for their owner alone
sheet/        draws one page from texts; knows no course
course/       course.toml: what every certificate of a course says
roster/       the class out of a spreadsheet, and what is wrong with it
credential/   one student's credential (Open Badges 3.0)
pictures/     a course's card and badge
records/      what is kept: batches, certificates, transactions, letters, the trail
keys/         who signs: key files, remote signers, the history of the institution's key
settings.py   the [issuer] table of sanad.toml
sending/      one transaction, once
registry/     every act on the registry, with its guard
publishing/   what goes into the archive and on to the domain: files, status lists, did.json
batches/      from a roster to delivered files, step by step
mail/         letters to students
custody/      backup, restore, erasure, export
watch/        tells of what happens under our name and is not ours
vc_api/       the W3C's VC API, for test suites
office/       the service layer, which commands, console and workers call
commands/     the commands of `sanad`
"""
