"""The one background process: clock-driven work, mail, nightly checks; a lease makes extra ones harmless."""
