-- 某类支出历年的比重
-- 主题：科目
-- 某一类支出（如 205 教育、208 社会保障和就业）历年占全部支出的百分点。金额单位万元。
-- $类: 文字 = 208; 三位的类级科目编码
WITH 各类 AS (
    SELECT 年度, 科目编码, 科目名称, sum(支出) AS 类支出, sum(计入报告数)::INTEGER AS 报告数
    FROM 决算.科目合计_万元
    WHERE 分类 = '功能' AND 级次 = 1
    GROUP BY ALL
), 占比 AS (
    SELECT 年度, 科目编码, 科目名称, 类支出 AS 支出, sum(类支出) OVER (PARTITION BY 年度) AS 全部支出, 报告数
    FROM 各类
)
SELECT 年度, 科目编码, 科目名称, 支出, 全部支出, round(100 * 支出 / 全部支出, 2) AS 占比, 报告数
FROM 占比
WHERE 科目编码 = $类
ORDER BY 年度
