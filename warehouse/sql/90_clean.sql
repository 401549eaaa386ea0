-- What was only needed on the way.
DROP VIEW current_fact;
DROP TABLE first_seen;
DROP TABLE head;
DROP TABLE whole;
DROP TABLE pair;
DROP TABLE version_file;
DROP TABLE current_file;
DROP TABLE report_document;
DROP TABLE repeated;
DROP TABLE repeated_fact;
DROP TABLE printed_again;
DROP TABLE counted_fact;
DROP TABLE document_unit;
DROP TABLE covered_name;
DROP TABLE line_name;
