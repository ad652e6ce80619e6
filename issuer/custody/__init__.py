"""Care for an institution's records: copies, what is lost, erasure, and the way out.

rows.py       the records' tables as lines of JSON, whatever the database
marks.py      who was erased or hidden, in records and archive
backup.py     everything in one file, while issuing continues
restoring.py  back out of that file, into an empty place; begun_restore.py has its mark, traces.py what it wrote,
              erased_since.py who does not come back
rebuilding.py lost records again, from files that prove themselves (evidence.py, from_credential.py), the registry
              (on_record.py) and course descriptions (kept_courses.py); taken_over.py has revocations whose transactions
              are lost, rebuilt.py what came of it
rebuilding_archive.py  a lost archive again, from records and delivered files
erasing.py    one person's data, and no other's
exporting.py  everything in plain files, for an institution that leaves
"""
