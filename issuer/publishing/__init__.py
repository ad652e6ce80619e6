"""What goes out: into the archive, and on to the institution's own domain.

archive_writer.py     envelopes, batch files and pictures in the archive's folder
status_drawing.py     places in status lists for a new class
status_lists.py, status_credential.py, status_known.py   the lists themselves (Bitstring Status List 1.0)
did_document.py       did.json and TXT records
"""
