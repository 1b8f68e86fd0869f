"""What is said of results: scores against gold records, and profiles proposed from what pages repeat."""
