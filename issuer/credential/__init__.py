"""One student's credential (Open Badges 3.0), signed (SPEC.md section 5).

identity.py        what is drawn at random: the id, the salts, the place in a status list
achievement.py     the course as the credential describes it
credential.py      the credential
quads_template.py  canonical quads by template, so that signing a class is quick
"""
