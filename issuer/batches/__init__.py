"""The machine that takes a batch from a roster to delivered files.

issuing.py       drives it: drafted, built, anchoring, final, delivered
dispositions.py  which rows are new, and who has the certificate already
drafting.py      what is random is drawn and stored
building.py      credentials signed, sheets drawn and sealed
anchoring.py     registered in one transaction, and final
delivering.py    files in their folder and in the archive
redelivering.py  the delivered files again
leftovers.py     what killed runs left, removed
judging.py       the delivered files through the verifier's own code
overview.py      the state of each batch, and what to do
progress.py, filenames.py   who hears how the work goes; what files are called
"""
