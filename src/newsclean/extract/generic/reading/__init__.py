"""What a page shows and what it says of itself: its visible runs of text, what their elements are named, its data."""
