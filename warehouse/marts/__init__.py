"""Schema 决算: what people query. One view for every declared form; reports, files, reading issues; how they stand."""
