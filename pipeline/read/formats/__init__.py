"""Office documents and web pages become pages: what their reader would show, mostly without a page's geometry.

    number_format   a stored number as its format code shows it; dates: those that are dates
    package         the XML parts of zipped office documents, read within limits and without entities
    flow            lines and grids that stand on no paper get a nominal place on a nominal page
    sheets          what is shown of a workbook as pages; parting: rows parted into tables and the lines around them
    xlsx, xls, ods  the shown cells of a workbook
    docx, html      running text with tables; doc: old Word documents, by way of LibreOffice; html_tables: cells of
                    web pages' tables; encoding: their characters
    ofd             the national format of fixed layout; ofd_ink: what stands on its pages, as the marks of PDF

Here does not belong what a table means, nor anything of PDF.
"""
