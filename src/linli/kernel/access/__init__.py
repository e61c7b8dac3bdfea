"""Who may see and do what; secret links; the audit log."""
