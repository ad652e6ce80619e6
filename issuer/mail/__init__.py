"""Letters to students: each gets the link and the PDF once.

settings.py   the [mail] table of sanad.toml
letter.py     one letter, in English, Urdu or both, as plain text and HTML
postman.py    one conversation with an SMTP server, every answer classified
round.py      who still has to get a letter, and what became of it (with the records)
"""
