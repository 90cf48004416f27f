"""Plans as workbooks: one that finance works in, and one that is published."""
