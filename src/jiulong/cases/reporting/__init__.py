"""The quick report of the phone: what, photo, where, one line; also where there is no network."""
