"""One folder for each way a neighbourhood handles its affairs."""
