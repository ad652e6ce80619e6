"""Writing to the disk: whole or not at all, and for whom.

writing.py        files that appear whole, forced to the disk
private_files.py  files and folders for their owner alone
shared_folder.py  folders that a web server reads, the archive above all
"""
