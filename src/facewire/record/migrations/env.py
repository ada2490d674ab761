"""Runs the migrations inside the connection and the transaction that it is given."""

from alembic import context

from facewire.record.rows import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
