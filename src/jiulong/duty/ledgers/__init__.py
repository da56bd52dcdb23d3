"""The desk's ledgers: abnormal data by day, day means by month, in the asked columns."""
