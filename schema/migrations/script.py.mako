"""${message}

pre-deploy or post-deploy: say which, and why.
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Say what it makes."""
    ${upgrades if upgrades else 'op.execute("")'}


def downgrade() -> None:
    """Say what is lost."""
    ${downgrades if downgrades else 'op.execute("")'}
