"""WARC, ARC and WET: records found by their bytes, whatever a damaged or odd archive makes of them."""
