"""From what somebody hands in to an answer in words.

answer.py     bytes or a line of text to a verdict, or why there is none
wording.py    what each verdict says; signature_wording.py and unsure_wording.py, parts of it
remarks.py    what people must see besides
handed_in.py, changed_copies.py, other_credentials.py   what is no intact certificate of ours
report.py     an answer as plain data, for programs
network_names.py, visible_text.py   networks by name; strangers' texts made harmless
"""
