"""What English authorities report of their social workers, read from the DfE's published census."""
