"""The rules of valid data as pure arithmetic: exact, without a database, the same for everybody."""
