"""The dataset handed on: to Delta Lake, Hugging Face, JSONL and text, with a card that says what it is."""
