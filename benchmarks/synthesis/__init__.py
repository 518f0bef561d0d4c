"""The parts of a generated book: plan, people, trade, what follows an order, programmes, files."""
