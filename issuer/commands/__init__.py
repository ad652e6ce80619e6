"""The commands of issuing: click, tables, questions at the terminal. The work is done in issuer/office.

One module for each command or group of commands; acting.py, ending.py, naming.py, roster_options.py, class_tables.py
and terminal.py are what several of them share. deploy/command_table.py lists them all.
"""
