"""The one door for people and programs: REST, a live feed, and every refusal turned into a problem document."""
