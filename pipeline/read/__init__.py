"""Bytes become pages: what is printed, where, and in which cell of which grid.

Here belongs whatever turns a file into lines of text and flat tables of strings, joins tables over pages, and shows
what was recognised. Here does not belong any meaning: no form, no number, no subject code is known in this package.

    sniff      what a file is, by its first bytes
    document   read_pages: the reader of each format; pdf: that of PDF, a ladder of readers for every page
    formats    readers of office documents and web pages; ziplimits: zip archives within limits
    pdfium     the first reader of marks (glyphs, rules, areas); plumber the second, by pdfplumber
    ink        the value that both give
    ruling     rules → cells; grid: cells → grid of strings; text: glyphs → lines; page: all of it on one page
    unruled    tables without vertical rules → cells: where they are (evidence: that they are tables at all), from
               pieces of text: columns, blocks (lines of one cell), spans (of headings), lattice (rows and cells)
    stitch     tables that run over several pages
    draw       pictures of a page with what was recognised
"""
