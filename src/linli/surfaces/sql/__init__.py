"""Read-only SQL views for analysts: documented columns, no personal data, on both databases.

In the schema ``analysts`` on PostgreSQL, with the prefix ``analysts_`` on SQLite, which has none.
"""
