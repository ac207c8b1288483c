"""Documents for leadership: what is said (content), and how it is laid out (one module a format)."""
