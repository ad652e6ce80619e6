"""What is fetched from institutions' domains, safely: it confirms, and decides nothing (SPEC.md section 13).

fetching.py         one bounded request, which never reaches into this network
memory.py           answers kept for a while
did_web.py          did.json by did:web
domain_lookup.py    the keys that a domain names, by did.json and DNS
status_fetching.py  status lists of other people's credentials
"""
