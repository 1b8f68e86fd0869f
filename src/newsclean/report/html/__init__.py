"""Pages for people: one HTML file each that needs no network, whatever stands in the text that they show."""
