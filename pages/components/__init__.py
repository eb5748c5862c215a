"""What the pages are made of: widgets and their state, words, tables, charts and the derivation tree."""
