"""The watch: reports to an institution everything under its name that its own records do not explain.

own.py        what the institution knows to be its own: batches, revocations, keys, signed acts
sight.py      what the registry shows at one moment, from its views alone
alerts.py     what of it is not explained (pure)
memory.py     what was seen and reported before
notifying.py  the log, letters, a webhook
signing.py    the webhook's signature, over id, time and body
watching.py   one look, and looking again and again
"""
