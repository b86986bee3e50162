"""What dosimetry decides: pure, without a clock, a file or a wire."""
