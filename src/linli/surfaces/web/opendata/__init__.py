"""Looking at prepared open data on the workbench, and letting it out or not."""
