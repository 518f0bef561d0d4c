"""What runs the queries: settings, connections, transactions of one engine each."""
