"""The commands of deploying and of the programme; deploy/cli.py joins all commands."""
