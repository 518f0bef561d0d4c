"""The reasons for a report's rows in words: each rule with its figures, why and why not."""
