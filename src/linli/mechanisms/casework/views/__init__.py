"""Pages of casework for residents: report, follow, see what was done."""
