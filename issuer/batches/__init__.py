"""The machine that takes a batch from a roster to delivered files (issuer/batches/issuing.py drives it).

progress.py    who is told how the work goes
drafting.py    what is random is drawn and stored
anchoring.py   registered in one transaction, and final
delivering.py  files in their folder and in the archive
overview.py    where each batch stands, and what to do
"""
