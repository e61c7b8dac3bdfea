"""E-mail as a way to report and to answer: what a letter becomes, and what it cannot do."""
