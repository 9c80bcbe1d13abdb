"""What is done to the portal from the command line: migrate, start, back up, restore, verify."""
