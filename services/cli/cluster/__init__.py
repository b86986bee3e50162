"""A Kafka cluster of one node or three on this machine that asks everybody who they are, for those who run more than a
trial on a laptop: TLS, a SCRAM user per service, and access lists derived from the contracts (`deploy/kafka`)."""
