"""Sources: who knows of people or companies that might become leads."""
