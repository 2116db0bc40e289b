"""SEGMENTOR: how well a lead fits, what it would take to know, and who is never written to."""
