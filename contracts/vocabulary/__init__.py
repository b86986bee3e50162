"""The words that services share: closed value types with units, no behaviour of any one service."""
