"""The domain: sessions, bookings, people, notices. Rules only, functions of values."""
