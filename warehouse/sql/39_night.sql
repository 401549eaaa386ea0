-- The nights: what was collected when, by site and in all. Days are those of Beijing.

CREATE TABLE core.crawl AS SELECT * RENAME ("end" AS outcome) FROM raw.crawl ORDER BY started_at, site;

CREATE TABLE core.night AS
WITH crawled AS (
    SELECT
        (started_at AT TIME ZONE 'Asia/Shanghai')::DATE AS night,
        count(DISTINCT site) AS sites,
        count(DISTINCT site) FILTER (outcome = 'done') AS sites_done,
        sum(pages) AS pages,
        sum(faults) AS faults
    FROM core.crawl
    GROUP BY night
), fetched AS (
    SELECT
        (fetched_at AT TIME ZONE 'Asia/Shanghai')::DATE AS night,
        count(*) AS publications,
        count(DISTINCT document) AS documents
    FROM raw.publication
    GROUP BY night
), version AS (
    SELECT
        (fetched_at AT TIME ZONE 'Asia/Shanghai')::DATE AS night,
        count(*) FILTER (version_no = 1) AS new_reports,
        count(*) FILTER (version_no > 1) AS new_versions
    FROM core.version
    WHERE fetched_at IS NOT NULL
    GROUP BY night
)
SELECT
    night,
    coalesce(c.sites, 0)::INTEGER AS sites,
    coalesce(c.sites_done, 0)::INTEGER AS sites_done,
    coalesce(c.pages, 0)::INTEGER AS pages,
    coalesce(c.faults, 0)::INTEGER AS faults,
    coalesce(f.publications, 0)::INTEGER AS publications,
    coalesce(f.documents, 0)::INTEGER AS documents,
    coalesce(v.new_reports, 0)::INTEGER AS new_reports,
    coalesce(v.new_versions, 0)::INTEGER AS new_versions
FROM crawled c
FULL JOIN fetched f USING (night)
FULL JOIN version v USING (night)
ORDER BY night;
