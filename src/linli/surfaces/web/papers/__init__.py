"""Pages of papers: letters of reply, monthly reports, calendars of deadlines."""
