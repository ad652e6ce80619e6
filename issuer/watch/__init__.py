"""The watch: tells an institution of all that happens under its name and that its own records do not explain.

own.py        what the institution knows to be its own: batches, revocations, keys, signed acts
sight.py      what the registry shows at one moment, from its views alone
alerts.py     what of it is not explained (pure)
memory.py     what was seen and told before
notifying.py  the log, letters, a webhook
signing.py    the webhook's signature, over id, time and body
watching.py   one look, and looking for ever
"""
