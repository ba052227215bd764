"""Alerts, who subscribed to them, and what was sent of them.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = """
-- What people are told, each in their own words, in the order in which it was stored. `about` is the learner it is
-- about, of a message who sent it; `signal_id` names the sign that a learner is stuck.
CREATE TABLE alerts (
    id text PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    about text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('struggle', 'progress', 'message')),
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'urgent')),
    title text NOT NULL,
    message text NOT NULL,
    evidence jsonb NOT NULL DEFAULT '{}',
    signal_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    dismissed_at timestamptz
);
CREATE INDEX alerts_user ON alerts (user_id, seq);
CREATE INDEX alerts_unread ON alerts (user_id, seq) WHERE read_at IS NULL;
CREATE INDEX alerts_about ON alerts (about);

-- Who wants to be told of what about whom (`learner_id` null: about everybody), where to send copies, and when not to.
CREATE TABLE subscriptions (
    id text PRIMARY KEY,
    subscriber_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    learner_id text REFERENCES users ON DELETE CASCADE,
    kinds text[] NOT NULL CHECK (kinds <@ ARRAY['struggle', 'progress', 'message']),
    channels text[] NOT NULL CHECK (channels <@ ARRAY['in_app', 'webhook', 'email']),
    webhook_url text CHECK ((webhook_url IS NOT NULL) = ('webhook' = ANY (channels))),
    webhook_secret text CHECK ((webhook_secret IS NOT NULL) = (webhook_url IS NOT NULL)),
    email text CHECK ((email IS NOT NULL) = ('email' = ANY (channels))),
    quiet_from time,
    quiet_to time CHECK ((quiet_to IS NULL) = (quiet_from IS NULL) AND quiet_to <> quiet_from),
    time_zone text NOT NULL DEFAULT 'UTC',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (subscriber_id, learner_id)
);
CREATE INDEX subscriptions_learner ON subscriptions (learner_id, created_at);

-- Each way by which an alert goes to its reader. `due_at` is when to send what is pending, and when to give up waiting
-- for whoever is sending; `unsure` is what may or may not have arrived.
CREATE TABLE deliveries (
    alert_id text NOT NULL REFERENCES alerts ON DELETE CASCADE,
    channel text NOT NULL CHECK (channel IN ('in_app', 'webhook', 'email')),
    subscription_id text REFERENCES subscriptions ON DELETE SET NULL,
    target text,
    status text NOT NULL CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'unsure', 'skipped')),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    due_at timestamptz NOT NULL,
    sent_at timestamptz,
    PRIMARY KEY (alert_id, channel)
);
CREATE INDEX deliveries_open ON deliveries (due_at) WHERE status IN ('pending', 'sending');
CREATE INDEX deliveries_subscription ON deliveries (subscription_id);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP TABLE deliveries, subscriptions, alerts")
