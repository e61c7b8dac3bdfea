"""The matter (事项), its links, attachments and participants, and the queries that find it."""
