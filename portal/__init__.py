"""What users may do: rules, commands, queries, the user interface's helpers and the web routes."""
