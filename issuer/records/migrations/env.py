"""Alembic's entry point: it works on the connection that issuer/records/upgrading.py gives it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
