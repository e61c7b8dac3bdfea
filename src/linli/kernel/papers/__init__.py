"""Papers: letters and reports a pack declares, made as Word, PDF and page from one document.

A pack words them (`declared`), a mechanism says what they may be filled with (`kinds`), and
`composing` fills the one into the other. What comes of it is plain data (`document`), so the
Word file (`word`), the PDF (`pdf`) and the page on the screen never differ.
"""
