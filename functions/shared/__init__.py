"""What every function uses: events, serving, errors, settings, database, inbox, logs and the tutor port."""
