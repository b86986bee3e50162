"""The services that own facts, the one that only derives, and the chassis they share."""
