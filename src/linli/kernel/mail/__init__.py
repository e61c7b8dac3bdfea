"""Mailboxes people may write to: where they are, how they are read, what was put aside and why."""
