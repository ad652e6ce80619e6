"""The machine that takes a batch from a roster to delivered files (issuer/batches/issuing.py drives it).

progress.py    reports how the work goes
drafting.py    what is random is drawn and stored
anchoring.py   registered in one transaction, and final
delivering.py  files in their folder and in the archive
overview.py    the state of each batch, and what to do
"""
