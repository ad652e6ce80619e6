"""Care for an institution's records: copies, erasure, and the way out.

rows.py       the records' tables as lines of JSON, whatever the database
backup.py     everything in one file, while issuing continues
restoring.py  back out of that file, into an empty place
erasing.py    one person's data, and no other's
exporting.py  everything in plain files, for an institution that leaves
"""
