-- 同一科目在各部门的支出
-- 主题：科目
-- 某个科目各部门合计（不重复计算）的支出，以及占全部的百分点。金额单位万元。
-- $年度: 整数 = ; 决算年度，不写为最近一年
-- $科目: 文字 = 2080505; 科目编码
SELECT r.汇入部门 AS 部门, s.年度, s.科目编码, any_value(s.科目名称) AS 科目名称, count(*) AS 报告数, sum(s.支出) AS 支出,
    round(100 * sum(s.支出) / sum(sum(s.支出)) OVER (), 2) AS 占比
FROM 决算.科目支出_万元 s
JOIN 决算.报告 r USING (report_id)
WHERE s.年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告)) AND s.科目编码 = $科目 AND s.计入合计
GROUP BY ALL
ORDER BY 支出 DESC, 部门
