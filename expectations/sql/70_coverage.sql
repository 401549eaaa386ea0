-- Say what was not checked: how often each identity was evaluated, as which relation, and why not.

CREATE OR REPLACE TABLE quality.coverage AS
SELECT identity, relation, outcome, reason, count(*) AS instances, count(DISTINCT report_id) AS reports
FROM quality.identity_result
GROUP BY ALL
ORDER BY ALL;
