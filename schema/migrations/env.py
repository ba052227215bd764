"""Alembic's entry: one connection to DATABASE_URL, one transaction for all that is new, one migrator at a time.

DATABASE_URL_FILE may name a file that holds the URL instead, as for every function. Who has a connection of theirs
lends it, and ends the transaction themselves.
"""

import os
from contextlib import nullcontext
from pathlib import Path

import psycopg
from alembic import context
from sqlalchemy import create_engine, pool, text

ONE_AT_A_TIME = 5_721_036  # any number, as long as every migrator takes the same


def connected():
    """Return a context that yields the connection: one that was lent, else one of our own."""
    if lent := context.config.attributes.get("connection"):
        return nullcontext(lent)
    named = context.config.attributes.get("database_url") or os.environ.get("DATABASE_URL")
    url = named or Path(os.environ["DATABASE_URL_FILE"]).read_text().strip()
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    return engine.connect()


with connected() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        context.run_migrations()
