"""Fault injection: the process is killed, the node lies, the disk fills; and afterwards everything is there once."""
