"""What is remembered: tables, types, sessions, migrations, demonstration content."""
