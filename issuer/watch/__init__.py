"""The watch: reports to an institution everything under its name that its own records do not explain.

alerts.py       an alert, and the commands that it prints
changes.py      what changed between two looks, and which act explains it (pure)
trail_file.py   acts of other machines, from a file
own.py          what the institution knows to be its own: batches, revocations, keys, signed acts
sight.py        what the registry shows at one moment, from its views alone
clues.py        who did it, as far as one node says; what it names is asked of the registry
thefts.py       unexplained batches and revocations, by key, with what stops it (pure)
lists.py        status lists, compared with the registry
memory.py       what was seen and reported before, and what people have seen
institution.py  one look at an institution
programme.py    one look at a whole registry, as its programme
notifying.py    the log, letters, a webhook
signing.py      the webhook's signature, over id, time and body
blindness.py    what cannot be seen, since when, and when that was said
watching.py     looking again and again, which only a signal ends
opening.py      what the settings ask for
"""
